"""Addresses of the portal: everything here is one company's, the one the session names."""

from django.urls import URLPattern, path

from kliento.interfaces.partner.views import audit, entry, members, notices, places, programme, questions, team, visits

app_name = "partner"
urlpatterns: list[URLPattern] = [
    path("", entry.start, name="start"),
    path("companies", entry.workplaces, name="workplaces"),
    path("today", visits.today, name="today"),
    path("visits", visits.visits, name="visits"),
    path("visits.csv", visits.visits_file, {"kind": "csv"}, name="visits_csv"),
    path("visits.xlsx", visits.visits_file, {"kind": "xlsx"}, name="visits_xlsx"),
    path("members", members.members, name="members"),
    path("members.csv", members.members_file, {"kind": "csv"}, name="members_csv"),
    path("members.xlsx", members.members_file, {"kind": "xlsx"}, name="members_xlsx"),
    path("members/<str:number>", members.member, name="member"),
    path("members/<str:number>/asking", questions.ask_member, name="ask_member"),
    path("questions", questions.questions, name="questions"),
    path("questions/new", questions.new_question, name="new_question"),
    path("questions/<uuid:question_id>", questions.question, name="question"),
    path("questions/<uuid:question_id>/closing", questions.closing, name="close_question"),
    path("notices", notices.notices, name="notices"),
    path("notices/confirmation", notices.confirm, name="confirm_notice"),
    path("programme", programme.programme, name="programme"),
    path("programme/new", programme.new_programme, name="new_programme"),
    path("programme/change", programme.change_programme, name="change_programme"),
    path("programme/closing", programme.close_programme, name="close_programme"),
    path("premises", places.premises, name="premises"),
    path("premises/new", places.add, name="add_premises"),
    path("premises/<uuid:premises_id>/name", places.rename, name="rename_premises"),
    path("premises/<uuid:premises_id>/pairing", places.pair, name="pairing"),
    path("terminals", places.terminals, name="terminals"),
    path("terminals/<uuid:terminal_id>/revocation", places.revoke, name="revoke_terminal"),
    path("team", team.team, name="team"),
    path("team/invitation", team.invite, name="invite"),
    path("team/invitations/<uuid:invitation_id>/withdrawal", team.withdraw, name="withdraw_invitation"),
    path("team/<uuid:operator_id>/role", team.role, name="role"),
    path("team/<uuid:operator_id>/end", team.end, name="end_operator"),
    path("name", team.name, name="name"),
    path("audit", audit.audit, name="audit"),
]
