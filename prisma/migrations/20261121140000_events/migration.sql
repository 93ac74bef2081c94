-- What happens to files, in the order in which it was committed, for readers that follow it (M20, ADR 0018).

-- The number of a tenant's last event. Its row lock makes numbers follow commits: whoever takes one holds the row until it is committed,
-- so a reader that asks for what comes after a number never misses one that appears later.
CREATE TABLE tenant_feeds (
  tenant_id uuid PRIMARY KEY,
  head      bigint NOT NULL DEFAULT 0,
  -- The greatest number that was forgotten.
  trimmed   bigint NOT NULL DEFAULT 0
);

CREATE TABLE file_events (
  tenant_id     uuid NOT NULL,
  seq           bigint NOT NULL,
  at            timestamptz(3) NOT NULL,
  type          text NOT NULL CHECK (type IN ('file.status', 'file.changed', 'file.deleted', 'file.restored')),
  file_id       uuid NOT NULL,
  version_id    uuid,
  state         version_state,
  reject_reason reject_reason,
  PRIMARY KEY (tenant_id, seq),
  CONSTRAINT status_has_version CHECK ((type = 'file.status') = (version_id IS NOT NULL AND state IS NOT NULL))
);
CREATE INDEX file_events_by_file ON file_events (tenant_id, file_id, seq);
-- Serves cross-tenant work (ADR 0004) and so does not start with the tenant.
CREATE INDEX file_events_by_age ON file_events (at);

-- The notice tells the connection that wrote it, which wakes readers up once the step is committed; nobody needs it to be heard.
CREATE FUNCTION append_file_event(
  p_tenant uuid, p_type text, p_file uuid, p_version uuid DEFAULT NULL, p_state version_state DEFAULT NULL, p_reason reject_reason DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
BEGIN
  INSERT INTO tenant_feeds AS t (tenant_id, head) VALUES (p_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET head = t.head + 1 RETURNING t.head INTO v_seq;
  INSERT INTO file_events (tenant_id, seq, at, type, file_id, version_id, state, reject_reason)
    VALUES (p_tenant, v_seq, clock_timestamp(), p_type, p_file, p_version, p_state, p_reason);
  RAISE NOTICE USING MESSAGE = 'custody.file_event', DETAIL = p_tenant || ' ' || p_file;
END $$;

CREATE FUNCTION tell_version_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_file_event(NEW.tenant_id, 'file.status', NEW.file_id, NEW.id, NEW.state, NEW.reject_reason);
  RETURN NULL;
END $$;

CREATE FUNCTION tell_file_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM append_file_event(NEW.tenant_id, CASE
    WHEN NEW.deleted_at IS NOT DISTINCT FROM OLD.deleted_at THEN 'file.changed'
    WHEN NEW.deleted_at IS NULL THEN 'file.restored'
    ELSE 'file.deleted' END, NEW.id);
  RETURN NULL;
END $$;

-- Deferred to the commit: a tenant's feed is the last row a step locks, and for the shortest time. Taken earlier it would deadlock steps
-- that lock a file, a version and the quota in different orders. Steps over several tenants go through them in order.
CREATE CONSTRAINT TRIGGER tell_insert AFTER INSERT ON file_versions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION tell_version_transition();
CREATE CONSTRAINT TRIGGER tell_transition AFTER UPDATE ON file_versions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR (NEW.state = 'scanning' AND OLD.epoch <> NEW.epoch))
  EXECUTE FUNCTION tell_version_transition();
-- What a client sees of the file has changed by something else than a transition, and not in the step that made the file.
CREATE CONSTRAINT TRIGGER tell_change AFTER UPDATE ON files DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.revision <> NEW.revision AND NEW.created_at <> now()::timestamptz(3) AND (
    OLD.deleted_at IS DISTINCT FROM NEW.deleted_at OR OLD.version_chosen_at IS DISTINCT FROM NEW.version_chosen_at
    OR (OLD.status, OLD.mime_type, OLD.current_version_id) IS NOT DISTINCT FROM (NEW.status, NEW.mime_type, NEW.current_version_id)))
  EXECUTE FUNCTION tell_file_change();

-- ---------------------------------------------------------------------------------------------------------------------
-- Reading. One statement each, so that events, head and state are of one moment.

CREATE FUNCTION file_event_view(p_event file_events) RETURNS jsonb LANGUAGE sql STABLE
RETURN jsonb_build_object('seq', p_event.seq, 'type', p_event.type, 'fileId', p_event.file_id, 'versionId', p_event.version_id,
  'state', p_event.state, 'rejectReason', p_event.reject_reason,
  'at', to_char(p_event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));

-- The tenant's events after the given number that the actor may see, none when it is NULL.
CREATE FUNCTION read_tenant_events(p_context jsonb, p_after bigint, p_limit integer)
RETURNS TABLE (head bigint, trimmed bigint, events jsonb) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT coalesce(max(t.head), 0), coalesce(max(t.trimmed), 0), (
      SELECT coalesce(jsonb_agg(file_event_view(e) ORDER BY e.seq), '[]')
        FROM (SELECT * FROM file_events x WHERE x.tenant_id = current_tenant() AND x.seq > p_after ORDER BY x.seq LIMIT p_limit) e)
    FROM tenant_feeds t WHERE t.tenant_id = current_tenant();
END $$;

-- The same of one file, with its newest version. No row: no such file. A deleted file is still a row, for those who were following it.
CREATE FUNCTION read_file_events(p_context jsonb, p_file uuid, p_after bigint, p_limit integer)
RETURNS TABLE (
  head bigint, trimmed bigint, events jsonb, deleted boolean, version_id uuid, state version_state, reject_reason reject_reason, read_at timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT coalesce(t.head, 0), coalesce(t.trimmed, 0), p.events, f.deleted_at IS NOT NULL, v.id, v.state, v.reject_reason,
         clock_timestamp()
    FROM files f
    LEFT JOIN tenant_feeds t ON t.tenant_id = f.tenant_id
    CROSS JOIN LATERAL (
      SELECT x.id, x.state, x.reject_reason FROM file_versions x
       WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id ORDER BY x.created_at DESC, x.id DESC LIMIT 1) v
    CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(file_event_view(e) ORDER BY e.seq), '[]') AS events
        FROM (SELECT * FROM file_events x
               WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id AND x.seq > p_after ORDER BY x.seq LIMIT p_limit) e) p
    WHERE f.tenant_id = current_tenant() AND f.id = p_file;
END $$;

-- The number of the tenant's last event: all that has to be asked to know whether there is something to read.
CREATE FUNCTION feed_head(p_context jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN coalesce((SELECT t.head FROM tenant_feeds t WHERE t.tenant_id = current_tenant()), 0);
END $$;

-- Forgets what happened p_keep ago, p_limit events at most; each tenant's feed remembers how far, in the order of tenants.
CREATE FUNCTION trim_file_events(p_keep interval, p_limit integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_gone record;
  v_count bigint := 0;
BEGIN
  FOR v_gone IN
    WITH gone AS (
      DELETE FROM file_events e WHERE (e.tenant_id, e.seq) IN (
        SELECT x.tenant_id, x.seq FROM file_events x
         WHERE x.at < clock_timestamp() - p_keep ORDER BY x.at LIMIT p_limit FOR UPDATE SKIP LOCKED)
      RETURNING e.tenant_id, e.seq)
    SELECT g.tenant_id, max(g.seq) AS seq, count(*) AS events FROM gone g GROUP BY g.tenant_id ORDER BY g.tenant_id
  LOOP
    UPDATE tenant_feeds t SET trimmed = greatest(t.trimmed, v_gone.seq) WHERE t.tenant_id = v_gone.tenant_id;
    v_count := v_count + v_gone.events;
  END LOOP;
  RETURN v_count;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- An event is visible to whom its file is visible now: the policy of `files` decides in the sub-select.

ALTER TABLE tenant_feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_feeds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_feeds USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
ALTER TABLE file_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE file_events FORCE ROW LEVEL SECURITY;
CREATE POLICY visible ON file_events FOR SELECT USING (tenant_id = (SELECT current_tenant()) AND (
  (SELECT actor_sees_all())
  OR EXISTS (SELECT 1 FROM files f WHERE f.tenant_id = file_events.tenant_id AND f.id = file_events.file_id)));
CREATE POLICY made ON file_events FOR INSERT WITH CHECK (tenant_id = (SELECT current_tenant()));

GRANT SELECT, INSERT, UPDATE ON tenant_feeds TO custody_app, custody_system;
GRANT SELECT, INSERT ON file_events TO custody_app, custody_system;
-- FOR UPDATE SKIP LOCKED asks for the right to update, too.
GRANT UPDATE, DELETE ON file_events TO custody_system;
REVOKE EXECUTE ON FUNCTION trim_file_events(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trim_file_events(interval, integer) TO custody_system;
