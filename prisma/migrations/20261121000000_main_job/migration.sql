-- The main job: files, versions, quota, audit, outbox, deliveries.
-- Roles custody_app (services, row-level security) and custody_system (cross-tenant work, BYPASSRLS) exist before this runs.

CREATE TYPE version_state AS ENUM ('awaiting_upload', 'uploaded', 'scanning', 'held', 'clean', 'available', 'rejected');
CREATE TYPE reject_reason AS ENUM ('infected', 'mime_mismatch', 'size_mismatch', 'checksum_mismatch', 'expired', 'unscannable', 'failed', 'deleted');

CREATE TABLE files (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  bucket             text NOT NULL CHECK (bucket IN ('avatars', 'assets', 'documents', 'exports', 'modules')),
  filename           text NOT NULL,
  metadata           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  current_version_id uuid,
  created_by         uuid NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  updated_at         timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at         timestamptz(3),
  purged_at          timestamptz(3),
  purge_retry_at     timestamptz(3),
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE file_versions (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  file_id            uuid NOT NULL,
  state              version_state NOT NULL DEFAULT 'awaiting_upload',
  reject_reason      reject_reason,
  reject_detail      text,
  epoch              integer NOT NULL DEFAULT 0,
  starts             integer NOT NULL DEFAULT 0,
  lease_until        timestamptz(3),
  retry_at           timestamptz(3),
  mime_type          text NOT NULL,
  declared_mime_type text NOT NULL,
  sniffed_mime_type  text,
  declared_size      bigint NOT NULL CHECK (declared_size >= 0),
  declared_sha256    text CHECK (declared_sha256 ~ '^[0-9a-f]{64}$'),
  store_version      text,
  etag               text,
  size               bigint,
  sha256             text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  verdict            text CHECK (verdict IN ('clean', 'infected', 'unscannable', 'mismatch')),
  signature          text,
  coverage           text CHECK (coverage IN ('full', 'windowed', 'none')),
  engine_version     text,
  signature_version  text,
  signatures_at      timestamptz(3),
  scanned_at         timestamptz(3),
  created_by         uuid NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  uploaded_at        timestamptz(3),
  ended_at           timestamptz(3),
  cleaned_at         timestamptz(3),
  reconcile_at       timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, file_id) REFERENCES files (tenant_id, id),
  CONSTRAINT rejected_has_reason CHECK ((state = 'rejected') = (reject_reason IS NOT NULL)),
  CONSTRAINT pinned_after_upload CHECK (
    state IN ('awaiting_upload', 'rejected') OR (store_version IS NOT NULL AND size IS NOT NULL)),
  -- No verdict, no bytes: neither clean nor available exists without a clean verdict over hashed, pinned bytes (I1, I10).
  CONSTRAINT clean_has_verdict CHECK (
    state NOT IN ('clean', 'available') OR (verdict = 'clean' AND sha256 IS NOT NULL AND coverage IN ('full', 'windowed')))
);

CREATE INDEX file_versions_by_file ON file_versions (tenant_id, file_id, created_at);
-- Those below serve cross-tenant work (ADR 0004) and so do not start with the tenant.
CREATE INDEX file_versions_to_scan ON file_versions (uploaded_at, id) WHERE state = 'uploaded';
CREATE INDEX file_versions_leased ON file_versions (lease_until) WHERE state IN ('scanning', 'clean');
CREATE INDEX file_versions_pending ON file_versions (created_at) WHERE state IN ('awaiting_upload', 'uploaded', 'scanning');
CREATE INDEX file_versions_to_clean ON file_versions (ended_at) WHERE cleaned_at IS NULL AND state IN ('available', 'rejected');
CREATE INDEX file_versions_held ON file_versions (created_at) WHERE state = 'held';
CREATE INDEX files_to_purge ON files (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE SEQUENCE scan_claims;

-- Pending versions of a tenant; the trigger below gives places back, initiate_upload takes them.
CREATE TABLE tenant_quota (
  tenant_id uuid PRIMARY KEY,
  pending   integer NOT NULL DEFAULT 0 CHECK (pending >= 0)
);

CREATE TABLE audit_log (
  tenant_id  uuid NOT NULL,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  at         timestamptz(3) NOT NULL DEFAULT now(),
  actor      text NOT NULL,
  action     text NOT NULL,
  file_id    uuid,
  version_id uuid,
  request_id text,
  detail     jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_by_file ON audit_log (tenant_id, file_id, id);

CREATE TABLE outbox (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL DEFAULT gen_random_uuid(),
  type         text NOT NULL CHECK (type IN ('scan.requested', 'file.available', 'notify.notification.sent')),
  file_id      uuid NOT NULL,
  version_id   uuid NOT NULL,
  data         jsonb NOT NULL DEFAULT '{}',
  request_id   text,
  traceparent  text,
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  locked_until timestamptz(3),
  published_at timestamptz(3),
  delivered_at timestamptz(3),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX outbox_of_version ON outbox (tenant_id, version_id);
CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX outbox_undelivered ON outbox (published_at) WHERE delivered_at IS NULL AND type <> 'scan.requested';

CREATE TABLE deliveries (
  tenant_id    uuid NOT NULL,
  event_id     uuid NOT NULL,
  destination  text NOT NULL,
  type         text NOT NULL,
  event        jsonb NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  last_error   text,
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  delivered_at timestamptz(3),
  PRIMARY KEY (tenant_id, event_id, destination)
);

-- The state machine, equal to TRANSITIONS in libs/domain (a test compares them).
CREATE TABLE version_transitions (
  from_state version_state NOT NULL,
  to_state   version_state NOT NULL,
  PRIMARY KEY (from_state, to_state)
);
INSERT INTO version_transitions VALUES
  ('awaiting_upload', 'uploaded'), ('awaiting_upload', 'rejected'),
  ('uploaded', 'scanning'), ('uploaded', 'rejected'),
  ('scanning', 'scanning'), ('scanning', 'uploaded'), ('scanning', 'held'), ('scanning', 'clean'), ('scanning', 'rejected'),
  ('held', 'clean'), ('held', 'rejected'),
  ('clean', 'available'), ('clean', 'rejected');

-- ---------------------------------------------------------------------------------------------------------------------
-- Context: who acts, for which tenant. Local to the transaction, so nothing leaks through a connection pool.

CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE
RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;

CREATE FUNCTION enter(p_context jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT set_config('app.tenant_id', coalesce(p_context ->> 'tenantId', ''), true),
         set_config('app.actor', coalesce(p_context ->> 'actor', ''), true),
         set_config('app.request_id', coalesce(p_context ->> 'requestId', ''), true),
         set_config('app.traceparent', coalesce(p_context ->> 'traceparent', ''), true);
$$;

CREATE FUNCTION is_pending(p_state version_state) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN p_state IN ('awaiting_upload', 'uploaded', 'scanning', 'held');

-- ---------------------------------------------------------------------------------------------------------------------
-- What every transition brings with it, whoever causes it: an allowed edge, an immutable pin, an audit row, the quota, the event.

CREATE FUNCTION guard_version_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM version_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
    RAISE EXCEPTION 'version % may not go from % to %', NEW.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('available', 'rejected') THEN
    NEW.ended_at := now();
    NEW.lease_until := NULL;
    -- The reaper's next look was set for an upload that had not arrived; its bytes are to be removed now.
    NEW.reconcile_at := NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION guard_version_pin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the pin and the hash of version % never change', NEW.id USING ERRCODE = 'check_violation';
END $$;

CREATE FUNCTION follow_version_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_from version_state := CASE WHEN TG_OP = 'UPDATE' THEN OLD.state END;
  v_detail jsonb := jsonb_strip_nulls(jsonb_build_object(
    'from', v_from, 'epoch', NEW.epoch, 'reason', NEW.reject_reason, 'detail', NEW.reject_detail,
    'signature', NEW.signature, 'sha256', NEW.sha256, 'size', NEW.size));
  v_type text;
  v_data jsonb := '{}';
BEGIN
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
  VALUES (NEW.tenant_id, coalesce(nullif(current_setting('app.actor', true), ''), 'system:' || current_user),
          'version.' || NEW.state, NEW.file_id, NEW.id, nullif(current_setting('app.request_id', true), ''), v_detail);

  IF is_pending(v_from) AND NOT is_pending(NEW.state) THEN
    UPDATE tenant_quota SET pending = pending - 1 WHERE tenant_id = NEW.tenant_id;
  END IF;

  IF NEW.state = 'uploaded' AND v_from = 'awaiting_upload' THEN
    v_type := 'scan.requested';
  ELSIF NEW.state = 'available' THEN
    v_type := 'file.available';
    v_data := jsonb_build_object('sha256', NEW.sha256, 'size', NEW.size, 'mimeType', NEW.mime_type);
  ELSIF NEW.reject_reason = 'infected' THEN
    v_type := 'notify.notification.sent';
    v_data := jsonb_build_object('notification', 'file.infected', 'recipient', jsonb_build_object('role', 'tenant_admin'),
                                 'signature', NEW.signature, 'uploadedBy', NEW.created_by);
  ELSIF NEW.reject_reason = 'expired' THEN
    v_type := 'notify.notification.sent';
    v_data := jsonb_build_object('notification', 'file.expired', 'recipient', jsonb_build_object('userId', NEW.created_by));
  END IF;
  IF v_type IS NOT NULL THEN
    INSERT INTO outbox (tenant_id, type, file_id, version_id, data, request_id, traceparent)
    VALUES (NEW.tenant_id, v_type, NEW.file_id, NEW.id, v_data,
            nullif(current_setting('app.request_id', true), ''), nullif(current_setting('app.traceparent', true), ''));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER guard_transition BEFORE UPDATE ON file_versions FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR (NEW.state = 'scanning' AND OLD.epoch <> NEW.epoch))
  EXECUTE FUNCTION guard_version_transition();
CREATE TRIGGER guard_pin BEFORE UPDATE ON file_versions FOR EACH ROW
  WHEN ((OLD.store_version IS NOT NULL AND (OLD.store_version, OLD.etag, OLD.size) IS DISTINCT FROM (NEW.store_version, NEW.etag, NEW.size))
     OR (OLD.state IN ('clean', 'available', 'rejected')
         AND (OLD.sha256, OLD.verdict, OLD.mime_type) IS DISTINCT FROM (NEW.sha256, NEW.verdict, NEW.mime_type)))
  EXECUTE FUNCTION guard_version_pin();
CREATE TRIGGER follow_insert AFTER INSERT ON file_versions FOR EACH ROW EXECUTE FUNCTION follow_version_transition();
CREATE TRIGGER follow_transition AFTER UPDATE ON file_versions FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR (NEW.state = 'scanning' AND OLD.epoch <> NEW.epoch))
  EXECUTE FUNCTION follow_version_transition();

-- The events this very transaction wrote for a version, as the publisher takes them.
CREATE FUNCTION new_events(p_tenant uuid, p_version uuid) RETURNS jsonb LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object(
          'id', o.id, 'tenantId', o.tenant_id, 'type', o.type, 'fileId', o.file_id, 'versionId', o.version_id,
          'data', o.data, 'requestId', o.request_id, 'traceparent', o.traceparent,
          'occurredAt', to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), '[]')
        FROM outbox o WHERE o.tenant_id = p_tenant AND o.version_id = p_version AND o.created_at = now()::timestamptz(3));

-- ---------------------------------------------------------------------------------------------------------------------
-- Steps of a tenant (role custody_app, row-level security). One call, one transaction, one step.

-- A file with the version that speaks for it: the available one, else the newest.
CREATE VIEW file_details WITH (security_invoker = true) AS
  SELECT f.tenant_id, f.id AS file_id, f.bucket, f.filename, f.metadata, f.created_by, f.created_at, f.updated_at,
         v.id AS version_id, v.state, v.reject_reason, v.reject_detail, v.mime_type, v.declared_mime_type, v.declared_size,
         v.declared_sha256, v.store_version, v.size, v.sha256, v.verdict, v.coverage, v.engine_version, v.signature_version,
         v.scanned_at
  FROM files f
  JOIN LATERAL (
    SELECT * FROM file_versions x
    WHERE x.tenant_id = f.tenant_id AND x.file_id = f.id
    ORDER BY (x.id = f.current_version_id) DESC NULLS LAST, x.created_at DESC LIMIT 1
  ) v ON true
  WHERE f.deleted_at IS NULL;

-- Takes a place in the quota and creates file and version; null when the tenant's places are all taken (M12).
CREATE FUNCTION initiate_upload(
  p_context jsonb, p_file uuid, p_version uuid, p_bucket text, p_filename text, p_mime_type text, p_declared_mime_type text,
  p_size bigint, p_sha256 text, p_metadata jsonb, p_created_by uuid, p_max_pending integer
) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
  v_tenant uuid := (p_context ->> 'tenantId')::uuid;
BEGIN
  PERFORM enter(p_context);
  INSERT INTO tenant_quota AS q (tenant_id, pending) VALUES (v_tenant, 1)
    ON CONFLICT (tenant_id) DO UPDATE SET pending = q.pending + 1 WHERE q.pending < p_max_pending;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO files (tenant_id, id, bucket, filename, metadata, created_by)
    VALUES (v_tenant, p_file, p_bucket, p_filename, p_metadata, p_created_by);
  INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, declared_sha256, created_by)
    VALUES (v_tenant, p_version, p_file, p_mime_type, p_declared_mime_type, p_size, p_sha256, p_created_by);
  RETURN now();
END $$;

CREATE FUNCTION pending_files(p_context jsonb) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN coalesce((SELECT pending FROM tenant_quota WHERE tenant_id = current_tenant()), 0);
END $$;

CREATE FUNCTION find_file(p_context jsonb, p_file uuid) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file;
END $$;

-- The version an upload URL was made for, deleted files included: an event about a deleted file must not look foreign.
CREATE FUNCTION find_upload(p_context jsonb, p_file uuid, p_version uuid) RETURNS SETOF file_versions LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM file_versions v
    WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND (p_version IS NULL OR v.id = p_version)
    ORDER BY v.created_at DESC LIMIT 1;
END $$;

-- Pins what arrived: awaiting_upload → uploaded. `applied` false: somebody else was first; `state` says what holds now.
CREATE FUNCTION record_upload(p_context jsonb, p_version uuid, p_store_version text, p_etag text, p_size bigint, p_sniffed text)
RETURNS TABLE (applied boolean, state version_state, reject_reason reject_reason, events jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_tenant uuid := (p_context ->> 'tenantId')::uuid;
  v_applied boolean;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v
     SET state = 'uploaded', uploaded_at = clock_timestamp(), store_version = p_store_version, etag = p_etag, size = p_size, sniffed_mime_type = p_sniffed
   WHERE v.tenant_id = v_tenant AND v.id = p_version AND v.state = 'awaiting_upload';
  v_applied := FOUND;
  RETURN QUERY SELECT v_applied, v.state, v.reject_reason,
      CASE WHEN v_applied THEN new_events(v_tenant, p_version) ELSE '[]'::jsonb END
    FROM file_versions v WHERE v.tenant_id = v_tenant AND v.id = p_version;
END $$;

-- Refuses what arrived: awaiting_upload → rejected.
CREATE FUNCTION reject_upload(
  p_context jsonb, p_version uuid, p_reason reject_reason, p_detail text, p_store_version text, p_etag text, p_size bigint, p_sniffed text
) RETURNS TABLE (applied boolean, state version_state, reject_reason reject_reason, events jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_tenant uuid := (p_context ->> 'tenantId')::uuid;
  v_applied boolean;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v
     SET state = 'rejected', reject_reason = p_reason, reject_detail = p_detail, uploaded_at = clock_timestamp(),
         store_version = p_store_version, etag = p_etag, size = p_size, sniffed_mime_type = p_sniffed
   WHERE v.tenant_id = v_tenant AND v.id = p_version AND v.state = 'awaiting_upload';
  v_applied := FOUND;
  RETURN QUERY SELECT v_applied, v.state, v.reject_reason,
      CASE WHEN v_applied THEN new_events(v_tenant, p_version) ELSE '[]'::jsonb END
    FROM file_versions v WHERE v.tenant_id = v_tenant AND v.id = p_version;
END $$;

-- Reads the available version of a file and writes down that a URL to it was handed out (M37), in one call.
CREATE FUNCTION grant_download(p_context jsonb, p_file uuid, p_detail jsonb) RETURNS SETOF file_details LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    SELECT d.tenant_id, p_context ->> 'actor', 'file.download_url_created', d.file_id, d.version_id, p_context ->> 'requestId', p_detail
    FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file AND d.state = 'available';
  RETURN QUERY SELECT * FROM file_details d WHERE d.tenant_id = current_tenant() AND d.file_id = p_file;
END $$;

-- Soft delete: unfinished versions end as rejected (deleted), so that no worker goes on with them. False: no such file.
CREATE FUNCTION delete_file(p_context jsonb, p_file uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE files f SET deleted_at = now(), updated_at = now()
   WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE file_versions v SET state = 'rejected', reject_reason = 'deleted'
   WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND v.state NOT IN ('available', 'rejected');
  INSERT INTO audit_log (tenant_id, actor, action, file_id, request_id)
    VALUES (current_tenant(), p_context ->> 'actor', 'file.deleted', p_file, p_context ->> 'requestId');
  RETURN true;
END $$;

CREATE FUNCTION mark_published(p_context jsonb, p_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE outbox SET published_at = now() WHERE tenant_id = current_tenant() AND id = ANY (p_ids) AND published_at IS NULL;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Steps of the scan worker after the claim (role custody_app: a claimed version has a tenant). All compare-and-set on the epoch.

CREATE FUNCTION renew_lease(p_context jsonb, p_version uuid, p_epoch integer, p_lease interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET lease_until = clock_timestamp() + p_lease
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state IN ('scanning', 'clean');
  RETURN FOUND;
END $$;

-- Gives a claim back: scanning → uploaded, clean waits for its lease to run out. `p_refund` 1: the outage was not the file's fault.
CREATE FUNCTION hand_back(p_context jsonb, p_version uuid, p_epoch integer, p_retry_after interval, p_refund integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v
     SET state = CASE WHEN v.state = 'scanning' THEN 'uploaded'::version_state ELSE v.state END,
         lease_until = CASE WHEN v.state = 'clean' THEN clock_timestamp() + p_retry_after END,
         retry_at = clock_timestamp() + p_retry_after,
         starts = greatest(v.starts - p_refund, 0)
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state IN ('scanning', 'clean');
  RETURN FOUND;
END $$;

-- The verdict, before any copy: scanning → clean | held | rejected. `starts` begins anew for the promotion.
CREATE FUNCTION record_verdict(
  p_context jsonb, p_version uuid, p_epoch integer, p_state version_state, p_reason reject_reason, p_detail text,
  p_verdict text, p_signature text, p_coverage text, p_engine text, p_signatures text, p_signatures_at timestamptz,
  p_sha256 text, p_sniffed text, p_lease interval
) RETURNS TABLE (applied boolean, events jsonb) LANGUAGE plpgsql AS $$
DECLARE
  v_applied boolean;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v
     SET state = p_state, reject_reason = p_reason, reject_detail = p_detail, verdict = p_verdict, signature = p_signature,
         coverage = p_coverage, engine_version = p_engine, signature_version = p_signatures, signatures_at = p_signatures_at,
         sha256 = p_sha256, sniffed_mime_type = coalesce(p_sniffed, v.sniffed_mime_type), scanned_at = clock_timestamp(),
         starts = 0, retry_at = NULL,
         lease_until = CASE WHEN p_state = 'clean' THEN clock_timestamp() + p_lease END
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'scanning';
  v_applied := FOUND;
  RETURN QUERY SELECT v_applied, CASE WHEN v_applied THEN new_events(current_tenant(), p_version) ELSE '[]'::jsonb END;
END $$;

-- clean → available; from here on the version speaks for its file.
CREATE FUNCTION publish_version(p_context jsonb, p_version uuid, p_epoch integer) RETURNS TABLE (applied boolean, events jsonb) LANGUAGE plpgsql AS $$
DECLARE
  v_file uuid;
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET state = 'available'
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state = 'clean'
   RETURNING v.file_id INTO v_file;
  IF v_file IS NOT NULL THEN
    UPDATE files f SET current_version_id = p_version, updated_at = now() WHERE f.tenant_id = current_tenant() AND f.id = v_file;
  END IF;
  RETURN QUERY SELECT v_file IS NOT NULL,
    CASE WHEN v_file IS NOT NULL THEN new_events(current_tenant(), p_version) ELSE '[]'::jsonb END;
END $$;

-- A promotion that can never succeed: clean → rejected (failed).
CREATE FUNCTION fail_version(p_context jsonb, p_version uuid, p_epoch integer, p_detail text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET state = 'rejected', reject_reason = 'failed', reject_detail = p_detail
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.epoch = p_epoch AND v.state IN ('scanning', 'clean');
  RETURN FOUND;
END $$;

CREATE FUNCTION mark_cleaned(p_context jsonb, p_version uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE file_versions v SET cleaned_at = now()
   WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state IN ('available', 'rejected');
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Cross-tenant work (role custody_system).

-- A version with what its promotion needs of its file, and the request that asked for its scan.
CREATE VIEW claimed_versions WITH (security_invoker = true) AS
  SELECT v.*, f.bucket, f.filename, r.request_id, r.traceparent
  FROM file_versions v
  JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
  LEFT JOIN LATERAL (
    SELECT o.request_id, o.traceparent FROM outbox o
    WHERE o.tenant_id = v.tenant_id AND o.version_id = v.id AND o.type = 'scan.requested'
    ORDER BY o.created_at DESC LIMIT 1
  ) r ON true;

-- Claims one version to scan or to promote; no row: nothing to do. Order (M21): leases that ran out first; then the oldest, but over
-- p_newest_above waiting the newest, with every p_oldest_every-th claim taking the oldest so that old work still progresses.
-- A version that was started p_max_starts times is rejected (failed) instead: it may be what kills the workers (F15).
CREATE FUNCTION claim_version(p_context jsonb, p_lease interval, p_max_starts integer, p_newest_above integer, p_oldest_every integer)
RETURNS SETOF claimed_versions LANGUAGE plpgsql AS $$
DECLARE
  v_waiting integer;
  v_found file_versions;
BEGIN
  PERFORM enter(p_context);
  LOOP
    SELECT * INTO v_found FROM file_versions v
     WHERE v.state IN ('scanning', 'clean') AND v.lease_until < clock_timestamp()
     ORDER BY v.lease_until LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      SELECT count(*) INTO v_waiting FROM (SELECT 1 FROM file_versions v WHERE v.state = 'uploaded' LIMIT p_newest_above + 1) w;
      IF v_waiting > p_newest_above AND nextval('scan_claims') % p_oldest_every <> 0 THEN
        SELECT * INTO v_found FROM file_versions v
         WHERE v.state = 'uploaded' AND (v.retry_at IS NULL OR v.retry_at <= clock_timestamp())
         ORDER BY v.uploaded_at DESC, v.id DESC LIMIT 1 FOR UPDATE SKIP LOCKED;
      ELSE
        SELECT * INTO v_found FROM file_versions v
         WHERE v.state = 'uploaded' AND (v.retry_at IS NULL OR v.retry_at <= clock_timestamp())
         ORDER BY v.uploaded_at, v.id LIMIT 1 FOR UPDATE SKIP LOCKED;
      END IF;
    END IF;
    IF v_found.id IS NULL THEN
      RETURN;
    END IF;
    -- The trail of a version carries the request that asked for its scan, whoever's wake-up led here.
    PERFORM enter(p_context || coalesce((
      SELECT jsonb_build_object('requestId', o.request_id, 'traceparent', o.traceparent) FROM outbox o
       WHERE o.tenant_id = v_found.tenant_id AND o.version_id = v_found.id AND o.type = 'scan.requested'
       ORDER BY o.created_at DESC LIMIT 1), '{}'));
    IF v_found.starts < p_max_starts THEN
      UPDATE file_versions v
         SET state = CASE WHEN v.state = 'uploaded' THEN 'scanning'::version_state ELSE v.state END,
             epoch = v.epoch + 1, starts = v.starts + 1, retry_at = NULL, lease_until = clock_timestamp() + p_lease
       WHERE v.tenant_id = v_found.tenant_id AND v.id = v_found.id;
      RETURN QUERY SELECT * FROM claimed_versions c WHERE c.tenant_id = v_found.tenant_id AND c.id = v_found.id;
      RETURN;
    END IF;
    UPDATE file_versions v SET state = 'rejected', reject_reason = 'failed', reject_detail = 'started ' || v.starts || ' times without an end'
     WHERE v.tenant_id = v_found.tenant_id AND v.id = v_found.id;
  END LOOP;
END $$;

-- How many versions a worker could take now and how long the first has waited, and how many workers hold.
CREATE FUNCTION scan_backlog() RETURNS TABLE (waiting bigint, running bigint, oldest_sec float8) LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM file_versions WHERE state = 'uploaded')
       + (SELECT count(*) FROM file_versions WHERE state IN ('scanning', 'clean') AND lease_until < clock_timestamp()),
         (SELECT count(*) FROM file_versions WHERE state IN ('scanning', 'clean') AND lease_until >= clock_timestamp()),
         coalesce(extract(epoch FROM clock_timestamp() - (SELECT min(uploaded_at) FROM file_versions WHERE state = 'uploaded')), 0)::float8;
$$;

-- Versions that could be claimed and have waited longer than p_after: their wake-up may be lost.
CREATE FUNCTION waiting_versions(p_after interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid, epoch integer) LANGUAGE sql STABLE AS $$
  (SELECT v.tenant_id, v.file_id, v.id, v.epoch FROM file_versions v
    WHERE v.state IN ('scanning', 'clean') AND v.lease_until < clock_timestamp() ORDER BY v.lease_until LIMIT p_limit)
  UNION ALL
  (SELECT v.tenant_id, v.file_id, v.id, v.epoch FROM file_versions v
    WHERE v.state = 'uploaded' AND v.uploaded_at < clock_timestamp() - p_after AND (v.retry_at IS NULL OR v.retry_at <= clock_timestamp())
    ORDER BY v.uploaded_at LIMIT p_limit)
  LIMIT p_limit;
$$;

-- Uploads nobody confirmed: looked at by one reconciler at a time, again after p_every or a quarter of their age, so that a
-- thousand abandoned uploads do not cost a thousand requests a minute. Those older than p_ttl are left to expire_versions.
CREATE FUNCTION claim_unconfirmed(p_after interval, p_ttl interval, p_every interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid) LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM file_versions x
      WHERE x.state = 'awaiting_upload' AND x.created_at BETWEEN clock_timestamp() - p_ttl AND clock_timestamp() - p_after
        AND (x.reconcile_at IS NULL OR x.reconcile_at <= clock_timestamp())
      ORDER BY x.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE file_versions v SET reconcile_at = clock_timestamp() + greatest(p_every, (clock_timestamp() - v.created_at) / 4)
    FROM picked p
   WHERE v.tenant_id = p.tenant_id AND v.id = p.id
  RETURNING v.tenant_id, v.file_id, v.id;
$$;

-- Pending for longer than p_ttl → rejected (expired) (M22). A running lease is left to its worker.
-- Each row's trigger locks its tenant's quota row, so rows are taken tenant by tenant: two reapers in another order would deadlock.
CREATE FUNCTION expire_versions(p_context jsonb, p_ttl interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_stale record;
BEGIN
  PERFORM enter(p_context);
  FOR v_stale IN
    WITH locked AS (
      SELECT x.tenant_id, x.file_id, x.id FROM file_versions x
       WHERE x.state IN ('awaiting_upload', 'uploaded', 'scanning') AND x.created_at < clock_timestamp() - p_ttl
         AND (x.lease_until IS NULL OR x.lease_until < clock_timestamp())
       ORDER BY x.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
    SELECT * FROM locked l ORDER BY l.tenant_id, l.id
  LOOP
    UPDATE file_versions v SET state = 'rejected', reject_reason = 'expired', reject_detail = 'not available within ' || p_ttl
     WHERE v.tenant_id = v_stale.tenant_id AND v.id = v_stale.id;
    RETURN QUERY SELECT v_stale.tenant_id, v_stale.file_id, v_stale.id;
  END LOOP;
END $$;

-- Ended versions whose bytes may still be there; each to one reaper, and again after p_every should it fail.
-- A copy to main begins only after a clean verdict: then the store may still be at it, and the version is left for p_after.
CREATE FUNCTION claim_ended(p_after interval, p_every interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid, bucket text, state version_state, passed boolean) LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM file_versions x
      WHERE x.cleaned_at IS NULL AND x.state IN ('available', 'rejected')
        AND (x.verdict IS DISTINCT FROM 'clean' OR x.ended_at < clock_timestamp() - p_after)
        AND (x.reconcile_at IS NULL OR x.reconcile_at <= clock_timestamp())
      ORDER BY x.ended_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE file_versions v SET reconcile_at = clock_timestamp() + p_every
    FROM picked p, files f
   WHERE f.tenant_id = v.tenant_id AND f.id = v.file_id AND v.tenant_id = p.tenant_id AND v.id = p.id
  RETURNING v.tenant_id, v.file_id, v.id, f.bucket, v.state, v.verdict IS NOT DISTINCT FROM 'clean';
$$;

CREATE FUNCTION mark_versions_cleaned(p_tenants uuid[], p_versions uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE file_versions v SET cleaned_at = now() FROM unnest(p_tenants, p_versions) AS c (tenant_id, id)
   WHERE v.tenant_id = c.tenant_id AND v.id = c.id AND v.state IN ('available', 'rejected');
$$;

-- What is known of each version that exists. `passed`: it has a clean verdict, so bytes in main can be ours; `purged`: its file's
-- bytes were removed for good.
CREATE FUNCTION version_states(p_tenants uuid[], p_versions uuid[])
RETURNS TABLE (version_id uuid, state version_state, passed boolean, deleted boolean, purged boolean) LANGUAGE sql STABLE AS $$
  SELECT v.id, v.state, v.verdict IS NOT DISTINCT FROM 'clean', f.deleted_at IS NOT NULL, f.purged_at IS NOT NULL
    FROM unnest(p_tenants, p_versions) AS c (tenant_id, id)
    JOIN file_versions v ON v.tenant_id = c.tenant_id AND v.id = c.id
    JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id;
$$;

-- Available versions whose bytes must be in main, in the order of their keys' ids, after the given one.
CREATE FUNCTION available_versions(p_tenant uuid, p_version uuid, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid, bucket text) LANGUAGE sql STABLE AS $$
  SELECT v.tenant_id, v.file_id, v.id, f.bucket
    FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
   WHERE (v.tenant_id, v.id) > (p_tenant, p_version) AND v.state = 'available' AND f.deleted_at IS NULL
   ORDER BY v.tenant_id, v.id LIMIT p_limit;
$$;

-- Deleted files past their retention: their bytes go, the rows stay as a record. Each to one reaper, and again after p_every.
CREATE FUNCTION claim_purgeable(p_retention interval, p_every interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, bucket text, version_ids uuid[]) LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM files x
      WHERE x.deleted_at < clock_timestamp() - p_retention AND x.purged_at IS NULL
        AND (x.purge_retry_at IS NULL OR x.purge_retry_at <= clock_timestamp())
      ORDER BY x.deleted_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE files f SET purge_retry_at = clock_timestamp() + p_every
    FROM picked p
   WHERE f.tenant_id = p.tenant_id AND f.id = p.id
  RETURNING f.tenant_id, f.id, f.bucket,
    ARRAY(SELECT v.id FROM file_versions v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id);
$$;

CREATE FUNCTION mark_purged(p_context jsonb, p_file uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE files f SET purged_at = now() WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NOT NULL AND f.purged_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO audit_log (tenant_id, actor, action, file_id) VALUES (current_tenant(), p_context ->> 'actor', 'file.purged', p_file);
  RETURN true;
END $$;

-- Events nobody published within p_after, leased to one relay at a time.
CREATE FUNCTION lease_outbox(p_after interval, p_lease interval, p_limit integer) RETURNS SETOF outbox LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM outbox x
      WHERE x.published_at IS NULL AND x.created_at < clock_timestamp() - p_after
        AND (x.locked_until IS NULL OR x.locked_until < clock_timestamp())
      ORDER BY x.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE outbox o SET locked_until = clock_timestamp() + p_lease
    FROM picked p
   WHERE o.tenant_id = p.tenant_id AND o.id = p.id
  RETURNING o.*;
$$;

CREATE FUNCTION mark_events_published(p_tenants uuid[], p_ids uuid[]) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE outbox o SET published_at = now(), locked_until = NULL FROM unnest(p_tenants, p_ids) AS e (tenant_id, id)
   WHERE o.tenant_id = e.tenant_id AND o.id = e.id AND o.published_at IS NULL;
$$;

-- Events that were published and never delivered: Redis may have lost them (F4). Each to one reaper, and again after p_every or a
-- quarter of their age.
CREATE FUNCTION claim_undelivered(p_after interval, p_every interval, p_limit integer) RETURNS SETOF outbox LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM outbox x
      WHERE x.delivered_at IS NULL AND x.type <> 'scan.requested' AND x.published_at < clock_timestamp() - p_after
        AND (x.locked_until IS NULL OR x.locked_until < clock_timestamp())
      ORDER BY x.published_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE outbox o SET locked_until = clock_timestamp() + greatest(p_every, (clock_timestamp() - o.created_at) / 4)
    FROM picked p
   WHERE o.tenant_id = p.tenant_id AND o.id = p.id
  RETURNING o.*;
$$;

-- Events to tell and the oldest of them, for an alarm.
CREATE FUNCTION outbox_backlog() RETURNS TABLE (unpublished bigint, undelivered bigint, oldest_sec double precision) LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL),
         (SELECT count(*) FROM outbox WHERE published_at IS NOT NULL AND delivered_at IS NULL AND type <> 'scan.requested'),
         coalesce(extract(epoch FROM clock_timestamp() - least(
           (SELECT min(created_at) FROM outbox WHERE published_at IS NULL),
           (SELECT min(published_at) FROM outbox WHERE published_at IS NOT NULL AND delivered_at IS NULL AND type <> 'scan.requested')
         )), 0)::double precision;
$$;

-- Forgets what was published p_keep ago; an event that still has to be told is kept.
CREATE FUNCTION trim_outbox(p_keep interval, p_limit integer) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  WITH gone AS (
    DELETE FROM outbox o WHERE (o.tenant_id, o.id) IN (
      SELECT x.tenant_id, x.id FROM outbox x
       WHERE x.published_at < clock_timestamp() - p_keep AND (x.type = 'scan.requested' OR x.delivered_at IS NOT NULL)
       LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*) FROM gone;
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Deliveries of the notifier (role custody_app).

-- Registers a delivery once; returns it as it stands, so that a redelivered job sees what was already done.
CREATE FUNCTION begin_delivery(p_context jsonb, p_event_id uuid, p_destination text, p_type text, p_event jsonb) RETURNS SETOF deliveries LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY INSERT INTO deliveries AS d (tenant_id, event_id, destination, type, event)
    VALUES (current_tenant(), p_event_id, p_destination, p_type, p_event)
    ON CONFLICT (tenant_id, event_id, destination) DO UPDATE SET attempts = d.attempts RETURNING d.*;
END $$;

-- Records the outcome of one attempt; p_error null: delivered. False: it had been delivered before.
CREATE FUNCTION end_delivery(p_context jsonb, p_event_id uuid, p_destination text, p_error text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE deliveries d SET attempts = d.attempts + 1, last_error = p_error, delivered_at = CASE WHEN p_error IS NULL THEN now() END
   WHERE d.tenant_id = current_tenant() AND d.event_id = p_event_id AND d.destination = p_destination AND d.delivered_at IS NULL;
  RETURN FOUND;
END $$;

-- Every destination has the event: nobody needs to look for it again.
CREATE FUNCTION complete_event(p_context jsonb, p_event_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE outbox o SET delivered_at = now(), published_at = coalesce(o.published_at, now())
   WHERE o.tenant_id = current_tenant() AND o.id = p_event_id AND o.delivered_at IS NULL;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Row-level security: on and forced everywhere a tenant's rows are; unset tenant, no rows (S32).

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['files', 'file_versions', 'tenant_quota', 'audit_log', 'outbox', 'deliveries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t);
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO custody_app, custody_system;
GRANT SELECT, INSERT, UPDATE ON files, file_versions, tenant_quota, outbox, deliveries TO custody_app, custody_system;
GRANT SELECT, INSERT ON audit_log TO custody_app, custody_system;
GRANT SELECT ON version_transitions, file_details TO custody_app, custody_system;
GRANT SELECT ON claimed_versions TO custody_system;
GRANT DELETE ON outbox TO custody_system;
GRANT USAGE ON SEQUENCE scan_claims TO custody_system;
-- Functions run as their caller, so execution opens nothing; cross-tenant ones are still kept from the services' role.
REVOKE EXECUTE ON FUNCTION
  claim_version(jsonb, interval, integer, integer, integer), scan_backlog(), waiting_versions(interval, integer),
  claim_unconfirmed(interval, interval, interval, integer), expire_versions(jsonb, interval, integer), claim_ended(interval, interval, integer),
  mark_versions_cleaned(uuid[], uuid[]), version_states(uuid[], uuid[]), available_versions(uuid, uuid, integer),
  claim_purgeable(interval, interval, integer), lease_outbox(interval, interval, integer), mark_events_published(uuid[], uuid[]),
  claim_undelivered(interval, interval, integer), outbox_backlog(), trim_outbox(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  claim_version(jsonb, interval, integer, integer, integer), scan_backlog(), waiting_versions(interval, integer),
  claim_unconfirmed(interval, interval, interval, integer), expire_versions(jsonb, interval, integer), claim_ended(interval, interval, integer),
  mark_versions_cleaned(uuid[], uuid[]), version_states(uuid[], uuid[]), available_versions(uuid, uuid, integer),
  claim_purgeable(interval, interval, integer), lease_outbox(interval, interval, integer), mark_events_published(uuid[], uuid[]),
  claim_undelivered(interval, interval, integer), outbox_backlog(), trim_outbox(interval, integer) TO custody_system;
