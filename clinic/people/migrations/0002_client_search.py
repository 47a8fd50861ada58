"""Client numbers from a sequence, the two generated columns that searching and sorting read, and the words of all names.

The functions are IMMUTABLE because a generated column must be: `unaccent` with its dictionary named, `to_char` of a
`timestamp` with digits only. Their bodies are bound when they are created (SQL-standard `RETURN`), so they work
whatever the search path is, in a restore for one, and belong to the owner of the database.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations, models

NUMBERS = "CREATE SEQUENCE people_client_number AS integer START 101"
OWN_NUMBERS = "ALTER SEQUENCE people_client_number OWNED BY people_client.number"

FOLD = """
CREATE FUNCTION people_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(lower(unaccent('unaccent'::regdictionary, normalize(value, NFKC))), '''’ʼ`´', '')
"""

SORT_KEY = """
CREATE FUNCTION people_client_sort_key(family_name text, given_name text, preferred_name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(people_fold(ltrim(family_name || ' ' || rtrim(given_name || ' ' || preferred_name))), 250)
"""

SEARCH_TEXT = """
CREATE FUNCTION people_client_search_text(
    given_name text, family_name text, preferred_name text, email text, phone text, number integer, born_on date
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ' ' || people_fold(given_name || ' ' || family_name || ' ' || preferred_name || ' ' || email)
    || ' ' || regexp_replace(phone, '[^0-9]', '', 'g')
    || ' ' || number::text
    || coalesce(to_char(born_on::timestamp, ' YYYY-MM-DD DD.MM.YYYY FMDD.FMMM.YYYY DD/MM/YYYY MM/DD/YYYY'), '')
    || ' '
"""

# The words of all names, each once: few enough to measure every one against a mistyped word (see querysets.py).
WORDS = """
CREATE FUNCTION people_name_words(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT DISTINCT word FROM regexp_split_to_table(people_fold(name), '[[:space:]-]+') word WHERE length(word) > 1;
END;
CREATE FUNCTION people_keep_name_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_nameword (word)
    SELECT DISTINCT word FROM added, people_name_words(sort_key) word ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION people_drop_name_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM people_nameword kept USING (
        SELECT DISTINCT word FROM removed, people_name_words(sort_key) word
    ) gone
    WHERE kept.word = gone.word AND NOT EXISTS (
        SELECT 1 FROM people_client
        WHERE search_text LIKE '%' || gone.word || '%' AND gone.word IN (SELECT people_name_words(sort_key))
    );
    RETURN NULL;
END $$;
CREATE TRIGGER people_keep_name_words AFTER INSERT ON people_client
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_keep_name_words();
CREATE TRIGGER people_keep_changed_name_words AFTER UPDATE ON people_client
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION people_keep_name_words();
CREATE TRIGGER people_drop_name_words AFTER DELETE ON people_client
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION people_drop_name_words();
"""
NO_WORDS = """
DROP TRIGGER people_keep_name_words ON people_client;
DROP TRIGGER people_keep_changed_name_words ON people_client;
DROP TRIGGER people_drop_name_words ON people_client;
DROP FUNCTION people_keep_name_words();
DROP FUNCTION people_drop_name_words();
DROP FUNCTION people_name_words(text);
"""

# Signed notes stay with a merged record for ever; whoever may see the kept record must see them.
SHARE = """
CREATE FUNCTION people_share_with_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_client_locations (client_id, location_id)
    SELECT merged.id, NEW.location_id FROM people_client merged WHERE merged.merged_into_id = NEW.client_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER people_share_with_merged AFTER INSERT ON people_client_locations
    FOR EACH ROW EXECUTE FUNCTION people_share_with_merged();
"""
UNSHARE = """
DROP TRIGGER people_share_with_merged ON people_client_locations;
DROP FUNCTION people_share_with_merged();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE people_client_number"),
        migrations.RunSQL(FOLD, "DROP FUNCTION people_fold(text)"),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION people_client_sort_key(text, text, text)"),
        migrations.RunSQL(
            SEARCH_TEXT, "DROP FUNCTION people_client_search_text(text, text, text, text, text, integer, date)"
        ),
        migrations.AlterField(
            model_name="client",
            name="number",
            field=models.PositiveIntegerField(
                db_default=models.Func(models.Value("people_client_number"), function="nextval"),
                editable=False,
                unique=True,
                verbose_name="client number",
            ),
        ),
        migrations.RunSQL(OWN_NUMBERS, "ALTER SEQUENCE people_client_number OWNED BY NONE"),
        migrations.AlterModelOptions(name="client", options={"ordering": ["sort_key"], "verbose_name": "client"}),
        migrations.AddField(
            model_name="client",
            name="sort_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "family_name", "given_name", "preferred_name", function="people_client_sort_key"
                ),
                output_field=models.CharField(db_collation="C", max_length=250),
            ),
        ),
        migrations.AddField(
            model_name="client",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "given_name",
                    "family_name",
                    "preferred_name",
                    "email",
                    "phone",
                    "number",
                    "born_on",
                    function="people_client_search_text",
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(model_name="client", index=models.Index(fields=["sort_key"], name="client_by_name")),
        migrations.AddIndex(model_name="client", index=models.Index(fields=["born_on"], name="client_by_birth_date")),
        migrations.AddIndex(
            model_name="client",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="client_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="NameWord",
            fields=[("word", models.CharField(db_collation="C", max_length=250, primary_key=True, serialize=False))],
            options={"verbose_name": "word of a name"},
        ),
        migrations.RunSQL(WORDS, NO_WORDS),
        migrations.RunSQL(SHARE, UNSHARE),
    ]
