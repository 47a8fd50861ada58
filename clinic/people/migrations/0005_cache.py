from django.db import migrations


class Migration(migrations.Migration):
    """The table of the cache that counts tries to sign in and codes that were used.

    Unlogged: counting must not wait for the disk, and after a crash of the server counting begins anew.
    """

    dependencies = [("people", "0004_sessions_version")]

    operations = [
        migrations.RunSQL(
            'CREATE UNLOGGED TABLE "cache" (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,'
            " expires timestamptz NOT NULL)",
            'DROP TABLE "cache"',
        ),
    ]
