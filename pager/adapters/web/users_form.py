"""The forms of the pages of users: an email, and what its user may do."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, SelectChoice, TelField, ValidationError
from wtforms.validators import InputRequired, Length

from pager.adapters.emails import read_email
from pager.adapters.web.form_fields import OneOfField
from pager.adapters.web.sign_in import EMAIL_LENGTH
from pager.domain.user import Role, User
from pager.lifecycle.manage_users import Rights, UserRefusedError
from pager.lifecycle.turn import Context, reading

ROLES = (
    (Role.DISPATCHER, "Dispatcher: opens encounters and acts on them"),
    (Role.VIEWER, "Viewer: looks"),
    (Role.AGENCY_ADMIN, "Agency administrator: one agency's people and rosters"),
    (Role.ADMIN, "Administrator: everything"),
)
NO_AGENCY = ""
NUMBER_LENGTH = Length(max=40, message="This is no number for SMS; write it like 213-555-0100.")


class RightsForm(FlaskForm):  # type: ignore[misc]  # the library ships no types
    """What a user may do, and where warnings go."""

    role = OneOfField("Role", choices=[SelectChoice(role.value, words) for role, words in ROLES])
    agency = OneOfField("Agency, of an agency administrator only")
    sms = TelField("SMS for warnings, if any", [NUMBER_LENGTH])

    def rights(self) -> Rights:
        """Return what was chosen; the form must be valid."""
        return Rights(Role(self.role.data), self.agency.data or None, (self.sms.data or "").strip() or None)

    def refuse(self, error: UserRefusedError) -> None:
        """Put an error beside its field; one of the user as a whole stands at the role."""
        getattr(self, error.field or "role").errors = [str(error)]


class NewUserForm(RightsForm):
    """Somebody new. `email` is in small letters once it is valid."""

    email = EmailField("Email", [InputRequired("Write their email address."), EMAIL_LENGTH])

    def validate_email(self, field: Field) -> None:
        try:
            field.data = read_email(field.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def new_user_form(context: Context) -> NewUserForm:
    """Return a form for somebody new, with the agencies there are."""
    form = NewUserForm()
    _offer_agencies(form, context)
    return form


def rights_form(context: Context, user: User) -> RightsForm:
    """Return a form that holds what a user may do now."""
    form = RightsForm(role=user.role.value, agency=user.agency or NO_AGENCY, sms=user.sms)
    _offer_agencies(form, context)
    return form


def _offer_agencies(form: RightsForm, context: Context) -> None:
    with reading(context) as turn:
        agencies = [SelectChoice(agency.code, agency.name) for agency in turn.work.directory.agencies()]
    form.agency.choices = [SelectChoice(NO_AGENCY, "None"), *agencies]
