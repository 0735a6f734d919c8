"""An index of the choices to share that nobody has been told of, by the notice they were made under; default sets' own.

Nothing here is locked while it is worked through, but for the few rows of default sets themselves.
"""

from django.db import migrations, models
from django.db.models import Q

from kliento.kernel.indexes import AddIndexInUse

_NAMED = """
    UPDATE sharing_default
    SET notice_number = COALESCE((
        SELECT MAX(number) FROM policy_notice
        WHERE published_at <= (
            SELECT MAX(entry.at) FROM activity_entry AS entry
            WHERE entry.subject_id = sharing_default.subject_id AND entry.kind = 'default_set_changed'
        )
    ), 0)
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("sharing", "0007_under_which_notice")]

    operations = [
        migrations.RunSQL(_NAMED, migrations.RunSQL.noop),
        AddIndexInUse(
            model_name="grant",
            index=models.Index(
                fields=["purpose", "notice_number"],
                condition=Q(ended_at__isnull=True, outdated_at__isnull=True),
                name="sharing_grant_by_notice",
            ),
        ),
    ]
