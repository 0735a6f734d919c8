import kliento.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('login_index', models.EmailField(max_length=100, unique=True)),
                ('language', models.CharField(default='en', max_length=2)),
                ('created_at', models.DateTimeField()),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'accounts_account',
            },
        ),
        migrations.CreateModel(
            name='PendingSignup',
            fields=[
                ('id', models.UUIDField(default=kliento.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('index', models.BinaryField(max_length=32)),
                ('sealed', models.BinaryField()),
                ('code_hash', models.BinaryField(max_length=32)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'accounts_pending_signup',
            },
        ),
    ]
