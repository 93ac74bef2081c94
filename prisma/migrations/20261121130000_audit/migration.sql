-- Reading the audit log (M37): by time, each filter by an index that keeps the order; and nobody changes what is written.

-- `version` of `version.clean`. A column, because an expression that is not leak-proof finds no index under row-level security.
ALTER TABLE audit_log ADD COLUMN action_group text NOT NULL GENERATED ALWAYS AS (split_part(action, '.', 1)) STORED;

-- Rows of one transaction share their time; the id keeps them in the order they were written.
CREATE INDEX audit_log_by_time ON audit_log (tenant_id, at, id);
CREATE INDEX audit_log_by_actor ON audit_log (tenant_id, actor, at, id);
CREATE INDEX audit_log_by_action ON audit_log (tenant_id, action, at, id);
CREATE INDEX audit_log_by_group ON audit_log (tenant_id, action_group, at, id);
CREATE INDEX audit_log_by_version ON audit_log (tenant_id, version_id, at, id) WHERE version_id IS NOT NULL;
CREATE INDEX audit_log_by_request ON audit_log (tenant_id, request_id, at, id) WHERE request_id IS NOT NULL;
DROP INDEX audit_log_by_file;
CREATE INDEX audit_log_by_file ON audit_log (tenant_id, file_id, at, id) WHERE file_id IS NOT NULL;

-- Services append and read. The time and the order are the database's word, not the writer's.
REVOKE ALL ON audit_log FROM PUBLIC, custody_app, custody_system;
GRANT SELECT ON audit_log TO custody_app, custody_system;
GRANT INSERT (tenant_id, actor, action, file_id, version_id, request_id, detail) ON audit_log TO custody_app, custody_system;

-- Grants do not hold back the owner and a superuser: they have to take the trigger away first, and mean it.
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- One condition for each filter that is given. Values are bound ($1 is the filter); nothing of a request becomes text. The tenant is
-- spelled as the policy spells it, so that the planner counts it once.
CREATE FUNCTION audit_query(p_filter jsonb, p_order text, p_first boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_direction text := CASE p_order WHEN 'asc' THEN 'ASC' WHEN 'desc' THEN 'DESC' END;
  v_after text := CASE WHEN p_first THEN '' ELSE format(' AND (a.at, a.id) %s ($2, $3)', CASE p_order WHEN 'asc' THEN '>' ELSE '<' END) END;
  v_conditions text;
BEGIN
  IF v_direction IS NULL THEN
    RAISE EXCEPTION 'no such order: %', p_order;
  END IF;
  SELECT coalesce(string_agg(' AND ' || c.condition, ''), '') INTO v_conditions
    FROM (VALUES
      ('fileId', $c$a.file_id = ($1 ->> 'fileId')::uuid$c$),
      ('versionId', $c$a.version_id = ($1 ->> 'versionId')::uuid$c$),
      ('actor', $c$a.actor = $1 ->> 'actor'$c$),
      ('action', $c$a.action = $1 ->> 'action'$c$),
      ('actionGroup', $c$a.action_group = $1 ->> 'actionGroup'$c$),
      ('requestId', $c$a.request_id = $1 ->> 'requestId'$c$),
      ('from', $c$a.at >= ($1 ->> 'from')::timestamptz$c$),
      ('to', $c$a.at < ($1 ->> 'to')::timestamptz$c$),
      ('before', $c$a.id < ($1 ->> 'before')::bigint$c$)
    ) c (filter, condition)
   WHERE p_filter ? c.filter;
  RETURN format('SELECT a.* FROM audit_log a WHERE a.tenant_id = current_tenant()%1$s%2$s ORDER BY a.at %3$s, a.id %3$s LIMIT $4',
    v_conditions, v_after, v_direction);
END $$;

-- Rows after the given one (NULL: from the first), p_limit at most.
CREATE FUNCTION list_audit(p_context jsonb, p_filter jsonb, p_order text, p_at timestamptz, p_id bigint, p_limit integer)
RETURNS SETOF audit_log LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY EXECUTE audit_query(p_filter, p_order, p_at IS NULL) USING p_filter, p_at, p_id, p_limit;
END $$;

-- Writes down that the log is taken out of the service. The id of that row ends the export: what is written from now on is not in it.
CREATE FUNCTION begin_audit_export(p_context jsonb, p_detail jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_id bigint;
BEGIN
  PERFORM enter(p_context);
  INSERT INTO audit_log (tenant_id, actor, action, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'audit.exported', p_context ->> 'requestId', p_detail) RETURNING id INTO v_id;
  RETURN v_id;
END $$;
