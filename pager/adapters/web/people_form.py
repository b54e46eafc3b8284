"""The forms of an agency's people and of its duty phone."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, TelField, ValidationError

from pager.adapters.web.form_fields import DayField, OneOfField, SeenField
from pager.domain.directory import Agency, Responder
from pager.lifecycle.keep_people import seen
from pager.lifecycle.read_person import CONSENT_WAYS, PersonDraft, consent_day

NEW = "new"  # the address of the form for somebody new
NOT_RECORDED = ""


class PersonForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """Somebody. `seen` is what was shown of them; what is wrong is said by the domain."""

    name = StringField("Name")
    sms = TelField("SMS number")
    voice = TelField("Voice number, where it is another")
    trained_until = DayField("Trained until")
    consent_how = OneOfField("Consent to be called and written to", default=NOT_RECORDED)
    consented_on = DayField("Day of consent")
    seen = SeenField()

    def draft(self) -> PersonDraft:
        """Return what was written."""
        return PersonDraft(
            *(
                field.data or ""
                for field in (
                    self.name,
                    self.sms,
                    self.voice,
                    self.trained_until,
                    self.consented_on,
                    self.consent_how,
                )
            )
        )


class NewPersonForm(PersonForm):
    """Somebody new."""

    id = StringField("Id")

    def validate_id(self, field: StringField) -> None:
        if field.data and field.data.strip() == NEW:
            raise ValidationError(f"{NEW} is the name of this page; take another id.")


class DutyPhoneForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """An agency's duty phone. `seen` is the number that was shown."""

    number = TelField("Number of the duty phone")
    seen = SeenField()


def new_person_form() -> NewPersonForm:
    """Return a form for somebody new."""
    form = NewPersonForm()
    _offer_ways(form, None)
    return form


def person_form(agency: Agency, person: Responder) -> PersonForm:
    """Return a form that holds somebody as they are."""
    form = PersonForm(data={**as_written(agency, person), "seen": seen(person)})
    _offer_ways(form, person.consent_how)
    return form


def as_written(agency: Agency, person: Responder) -> Mapping[str, str]:
    """Return each field of the form as somebody would write the person in it."""
    consented_on = consent_day(person, agency)
    return {
        "name": person.name,
        "sms": person.sms or "",
        "voice": "" if person.voice == person.sms else person.voice or "",
        "trained_until": person.trained_until.isoformat() if person.trained_until else "",
        "consent_how": person.consent_how or NOT_RECORDED,
        "consented_on": consented_on.isoformat() if consented_on else "",
    }


def _offer_ways(form: PersonForm, now: str | None) -> None:
    ways = [*CONSENT_WAYS, *([now] if now and now not in CONSENT_WAYS else [])]
    form.consent_how.choices = [SelectChoice(NOT_RECORDED, "Not recorded"), *(SelectChoice(way, way) for way in ways)]
