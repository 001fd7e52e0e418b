from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("openregie_vault", "0001_start")]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="reached_lines",
            field=models.PositiveBigIntegerField(default=0),
        ),
    ]
