"""A person takes one file along at a time, as a company does. The previous version goes on writing its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_leaving_people"),
        ("recipients", "0011_shifts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fileunderway",
            name="third_party",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="recipients.thirdparty",
            ),
        ),
        migrations.AddField(
            model_name="fileunderway",
            name="person",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="fileunderway",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("third_party__isnull", True)),
                    models.Q(("person__isnull", True), ("third_party__isnull", False)),
                    _connector="OR",
                ),
                name="recipients_file_is_of_one",
            ),
        ),
    ]
