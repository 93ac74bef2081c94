-- The same rule with names for its parts, and less to set up: PostgreSQL makes every sub-plan of a policy ready at each execution,
-- also those it never runs, and three tables repeated the rule's look at members and shares. Most files have no group: what
-- answers for the others is a function, whose plan is made ready when it is asked.

CREATE FUNCTION actor_is_member(p_tenant uuid, p_group uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM access_group_members m
                  WHERE m.tenant_id = p_tenant AND m.user_id = actor_id() AND m.group_id = p_group);
END $$;

CREATE FUNCTION actor_has_share(p_tenant uuid, p_file uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM shares s
                  WHERE s.tenant_id = p_tenant AND s.file_id = p_file AND s.user_id = actor_id()
                    AND (s.expires_at IS NULL OR s.expires_at > now()));
END $$;

-- A file that is within reach: it has no group, or the actor sees all, made it, or is in its group. One expression without a
-- query, so that it is written out where it is used.
CREATE FUNCTION actor_reaches(p_tenant uuid, p_creator uuid, p_group uuid) RETURNS boolean LANGUAGE sql STABLE
RETURN p_group IS NULL OR actor_sees_all() OR p_creator = actor_id() OR p_group = ANY (actor_groups()) OR actor_is_member(p_tenant, p_group);

ALTER POLICY visible ON files USING (
  tenant_id = current_tenant() AND (actor_reaches(tenant_id, created_by, access_group_id) OR actor_has_share(tenant_id, id)));
ALTER POLICY within_reach ON files USING (tenant_id = current_tenant() AND actor_reaches(tenant_id, created_by, access_group_id));

DO $$
DECLARE
  c_within_reach CONSTANT text := 'tenant_id = current_tenant() AND (actor_sees_all() OR EXISTS (
    SELECT 1 FROM files f
     WHERE f.tenant_id = %1$I.tenant_id AND f.id = %1$I.file_id AND actor_reaches(f.tenant_id, f.created_by, f.access_group_id)))';
BEGIN
  EXECUTE format('ALTER POLICY made ON file_versions WITH CHECK (%s)', format(c_within_reach, 'file_versions'));
  EXECUTE format('ALTER POLICY within_reach ON file_versions USING (%s)', format(c_within_reach, 'file_versions'));
  EXECUTE format('ALTER POLICY made ON subject_links WITH CHECK (%s)', format(c_within_reach, 'subject_links'));
  EXECUTE format('ALTER POLICY within_reach ON subject_links USING (%1$s) WITH CHECK (%1$s)', format(c_within_reach, 'subject_links'));
  EXECUTE format('ALTER POLICY removed ON subject_links USING (%s)', format(c_within_reach, 'subject_links'));
END $$;

-- Assignments instead of a query: half the time.
CREATE OR REPLACE FUNCTION enter(p_context jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_set text;
BEGIN
  v_set := set_config('app.tenant_id', coalesce(p_context ->> 'tenantId', ''), true);
  v_set := set_config('app.actor', coalesce(p_context ->> 'actor', ''), true);
  v_set := set_config('app.groups', translate(coalesce(p_context ->> 'groups', '[]'), '[]" ', '{}'), true);
  v_set := set_config('app.is_admin', coalesce(p_context ->> 'isAdmin', ''), true);
  v_set := set_config('app.request_id', coalesce(p_context ->> 'requestId', ''), true);
  v_set := set_config('app.traceparent', coalesce(p_context ->> 'traceparent', ''), true);
END $$;
