"""The forms of stations."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, ValidationError

from pager.adapters.web.form_fields import DayField, OneOfField, SeenField
from pager.domain.directory import Station
from pager.domain.policy import DEFAULT_POLICY
from pager.lifecycle.keep_stations import StationDraft, seen
from pager.lifecycle.turn import Context

NEW = "new"  # the address of the form for a new station


class StationForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """A station. `seen` is what was shown of it; what is wrong is said by the domain."""

    name = StringField("Name")
    short = StringField("Short name, as messages say it")
    policy = OneOfField("Policy: who is paged when")
    live_since = DayField("Live since, or from")
    seen = SeenField()

    def draft(self) -> StationDraft:
        """Return what was written."""
        name, short, policy, since = self.name.data, self.short.data, self.policy.data, self.live_since.data
        return StationDraft(name or "", short or "", policy or "", since or "")


class NewStationForm(StationForm):
    """A new station."""

    code = StringField("Code")

    def validate_code(self, field: StringField) -> None:
        if field.data and field.data.strip() == NEW:
            raise ValidationError(f"{NEW} is the name of this page; take another code.")


def new_station_form(context: Context) -> NewStationForm:
    """Return a form for a new station, under the policy that there is by default."""
    form = NewStationForm(policy=DEFAULT_POLICY)
    _offer_policies(form, context)
    return form


def station_form(context: Context, station: Station) -> StationForm:
    """Return a form that holds a station as it is; a policy that is not there any more is to be chosen anew."""
    form = StationForm(data={**as_written(station), "seen": seen(station)})
    _offer_policies(form, context)
    return form


def as_written(station: Station) -> Mapping[str, str]:
    """Return each field of the form as somebody would write the station in it."""
    return {
        "name": station.name,
        "short": station.short,
        "policy": station.policy,
        "live_since": station.live_since.isoformat() if station.live_since else "",
    }


def _offer_policies(form: StationForm, context: Context) -> None:
    names = sorted(context.policies.names())
    offered = [SelectChoice(name, name) for name in names]
    is_known = form.policy.data in names
    form.policy.choices = offered if is_known else [SelectChoice("", "Choose"), *offered]
