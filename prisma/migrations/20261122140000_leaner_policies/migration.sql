-- The same rules with less to set up. `(SELECT current_tenant())` is a plan of its own, to be made ready at every execution; reading one
-- file went through 130 of them and spent longer on that than on its rows. Written as a call, the setting is read where it is compared:
-- our queries compare it with the rows of a page, found by index.
DO $$
DECLARE
  c_asked CONSTANT text := '\( SELECT (current_tenant|actor_sees_all|actor_id|actor_groups)\(\) AS \1\)';
  p record;
BEGIN
  FOR p IN SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public' LOOP
    IF p.qual ~ c_asked THEN
      EXECUTE format('ALTER POLICY %I ON %I USING (%s)', p.policyname, p.tablename, regexp_replace(p.qual, c_asked, '\1()', 'g'));
    END IF;
    IF p.with_check ~ c_asked THEN
      EXECUTE format('ALTER POLICY %I ON %I WITH CHECK (%s)', p.policyname, p.tablename, regexp_replace(p.with_check, c_asked, '\1()', 'g'));
    END IF;
  END LOOP;
END $$;

-- `within_reach` was asked at every read beside `visible`, which lets in all that it lets in: it is for changes.
DO $$
DECLARE
  p record;
BEGIN
  SELECT qual, with_check INTO STRICT p FROM pg_policies
    WHERE schemaname = 'public' AND tablename = 'subject_links' AND policyname = 'within_reach';
  DROP POLICY within_reach ON subject_links;
  EXECUTE format('CREATE POLICY made ON subject_links FOR INSERT WITH CHECK (%s)', p.with_check);
  EXECUTE format('CREATE POLICY within_reach ON subject_links FOR UPDATE USING (%s) WITH CHECK (%s)', p.qual, p.with_check);
  EXECUTE format('CREATE POLICY removed ON subject_links FOR DELETE USING (%s)', p.qual);
END $$;
