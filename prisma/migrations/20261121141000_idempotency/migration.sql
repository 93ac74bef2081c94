-- Idempotency-Key (ADR 0019). The key's row is written in the transaction of the effect it stands for: a crash leaves both or neither.

CREATE TABLE idempotency_keys (
  tenant_id     uuid NOT NULL,
  actor         text NOT NULL,
  key           text COLLATE "C" NOT NULL,
  fingerprint   text NOT NULL,
  -- What the step made: ids and columns, never a URL.
  result        jsonb,
  -- Of a request in flight: whose it is, and until when nobody else may take it over.
  claim         uuid,
  claimed_until timestamptz(3),
  expires_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, actor, key),
  CONSTRAINT done_or_in_flight CHECK ((result IS NULL) = (claimed_until IS NOT NULL))
);
-- Serves the reaper, across tenants.
CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at);

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_keys
  USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO custody_app;
GRANT SELECT, DELETE, UPDATE ON idempotency_keys TO custody_system;

-- `once` of a context: {key, fingerprint, keepSec, claim?}. Makes the key this request's for p_lease, or returns the row of the request
-- that finished under it. Refuses while another one is in flight. A second request waits here until the first has committed.
CREATE FUNCTION take_key(p_context jsonb, p_lease interval) RETURNS idempotency_keys LANGUAGE plpgsql AS $$
DECLARE
  v_once jsonb := p_context -> 'once';
  v_row idempotency_keys;
BEGIN
  PERFORM enter(p_context);
  LOOP
    INSERT INTO idempotency_keys AS k (tenant_id, actor, key, fingerprint, claim, claimed_until, expires_at)
      VALUES (current_tenant(), p_context ->> 'actor', v_once ->> 'key', v_once ->> 'fingerprint', (v_once ->> 'claim')::uuid,
              clock_timestamp() + p_lease, clock_timestamp() + make_interval(secs => (v_once ->> 'keepSec')::double precision))
      ON CONFLICT (tenant_id, actor, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, result = NULL, claim = excluded.claim, claimed_until = excluded.claimed_until,
            expires_at = excluded.expires_at
        WHERE k.expires_at <= clock_timestamp() OR k.claimed_until <= clock_timestamp();
    IF FOUND THEN
      RETURN NULL;
    END IF;
    SELECT * INTO v_row FROM idempotency_keys k
     WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = v_once ->> 'key';
    -- Given back or trimmed between the two statements: once more.
    CONTINUE WHEN NOT FOUND;
    IF v_row.result IS NULL THEN
      PERFORM refuse('IDEMPOTENCY_KEY_IN_FLIGHT');
    END IF;
    RETURN v_row;
  END LOOP;
END $$;

-- First statement of a step that happens once a key: null when it is to happen now, else what it made the first time.
CREATE FUNCTION begin_once(p_context jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_once jsonb := p_context -> 'once';
  v_row idempotency_keys;
BEGIN
  IF v_once ? 'claim' THEN
    PERFORM enter(p_context);
    UPDATE idempotency_keys k SET fingerprint = v_once ->> 'fingerprint'
     WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = v_once ->> 'key'
       AND k.claim = (v_once ->> 'claim')::uuid AND k.result IS NULL;
    -- The claim had lapsed and another request has the key now: this one must leave no effect.
    IF NOT FOUND THEN
      PERFORM refuse('IDEMPOTENCY_KEY_IN_FLIGHT');
    END IF;
    RETURN NULL;
  END IF;
  -- No lease: nobody can see the row before the result is in it.
  v_row := take_key(p_context, interval '0');
  IF v_row.fingerprint <> v_once ->> 'fingerprint' THEN
    PERFORM refuse('IDEMPOTENCY_KEY_REUSED');
  END IF;
  RETURN v_row.result;
END $$;

-- Last statement of such a step.
CREATE FUNCTION end_once(p_context jsonb, p_result jsonb) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE idempotency_keys k
     SET result = p_result, claim = NULL, claimed_until = NULL,
         expires_at = clock_timestamp() + make_interval(secs => (p_context #>> '{once,keepSec}')::double precision)
   WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = p_context #>> '{once,key}';
$$;

-- The step had no effect, or it was taken back: the key may be used again.
CREATE FUNCTION forget_once(p_context jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  DELETE FROM idempotency_keys k
   WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = p_context #>> '{once,key}';
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Keys claimed before their step, by requests whose body takes long to arrive.

-- Null: the key is the caller's for p_lease.
CREATE FUNCTION claim_key(p_context jsonb, p_lease interval) RETURNS TABLE (fingerprint text, result jsonb) LANGUAGE plpgsql AS $$
DECLARE
  v_row idempotency_keys := take_key(p_context, p_lease);
BEGIN
  RETURN QUERY SELECT v_row.fingerprint, v_row.result;
END $$;

CREATE FUNCTION renew_key(p_context jsonb, p_lease interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE idempotency_keys k SET claimed_until = clock_timestamp() + p_lease
   WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = p_context #>> '{once,key}'
     AND k.claim = (p_context #>> '{once,claim}')::uuid AND k.result IS NULL;
  RETURN FOUND;
END $$;

CREATE FUNCTION release_key(p_context jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  DELETE FROM idempotency_keys k
   WHERE k.tenant_id = current_tenant() AND k.actor = p_context ->> 'actor' AND k.key = p_context #>> '{once,key}'
     AND k.claim = (p_context #>> '{once,claim}')::uuid AND k.result IS NULL;
  RETURN FOUND;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The creating steps under a key. `replayed`: the row is the first request's.

-- `awaited`: the version still waits for its bytes. `created_at` null: no free place; then nothing was taken, the key neither.
CREATE FUNCTION initiate_upload_once(
  p_context jsonb, p_file uuid, p_version uuid, p_bucket text, p_filename text, p_mime_type text, p_declared_mime_type text,
  p_size bigint, p_sha256 text, p_metadata jsonb, p_created_by uuid, p_max_pending integer, p_placement jsonb
) RETURNS TABLE (file_id uuid, version_id uuid, created_at timestamptz(3), awaited boolean, replayed boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_done jsonb := begin_once(p_context);
  v_at timestamptz(3);
BEGIN
  IF v_done IS NOT NULL THEN
    RETURN QUERY SELECT (v_done ->> 'fileId')::uuid, (v_done ->> 'versionId')::uuid, (v_done ->> 'createdAt')::timestamptz(3),
      EXISTS (SELECT 1 FROM file_versions v
               WHERE v.tenant_id = current_tenant() AND v.id = (v_done ->> 'versionId')::uuid AND v.state = 'awaiting_upload'), true;
    RETURN;
  END IF;
  v_at := initiate_upload(p_context, p_file, p_version, p_bucket, p_filename, p_mime_type, p_declared_mime_type, p_size, p_sha256,
                          p_metadata, p_created_by, p_max_pending);
  IF v_at IS NULL THEN
    PERFORM forget_once(p_context);
  ELSE
    IF p_placement IS NOT NULL THEN
      PERFORM place_file(p_context, p_file, p_placement);
    END IF;
    PERFORM end_once(p_context, jsonb_build_object('fileId', p_file, 'versionId', p_version, 'createdAt', v_at));
  END IF;
  RETURN QUERY SELECT p_file, p_version, v_at, true, false;
END $$;

CREATE FUNCTION initiate_version_once(
  p_context jsonb, p_file uuid, p_version uuid, p_mime_type text, p_declared_mime_type text, p_size bigint, p_sha256 text,
  p_created_by uuid, p_max_pending integer
) RETURNS TABLE (found boolean, version_id uuid, created_at timestamptz(3), awaited boolean, replayed boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_done jsonb := begin_once(p_context);
  v_made record;
BEGIN
  IF v_done IS NOT NULL THEN
    RETURN QUERY SELECT true, (v_done ->> 'versionId')::uuid, (v_done ->> 'createdAt')::timestamptz(3),
      EXISTS (SELECT 1 FROM file_versions v
               WHERE v.tenant_id = current_tenant() AND v.id = (v_done ->> 'versionId')::uuid AND v.state = 'awaiting_upload'), true;
    RETURN;
  END IF;
  SELECT * INTO v_made FROM initiate_version(p_context, p_file, p_version, p_mime_type, p_declared_mime_type, p_size, p_sha256,
                                             p_created_by, p_max_pending);
  IF v_made.created_at IS NULL THEN
    PERFORM forget_once(p_context);
  ELSE
    PERFORM end_once(p_context, jsonb_build_object('versionId', p_version, 'createdAt', v_made.created_at));
  END IF;
  RETURN QUERY SELECT v_made.found, p_version, v_made.created_at::timestamptz(3), true, false;
END $$;

CREATE FUNCTION create_folder_once(p_context jsonb, p_folder uuid, p_parent uuid, p_name text, p_created_by uuid, p_max_depth integer)
RETURNS TABLE (made folder_details, replayed boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_done jsonb := begin_once(p_context);
  v_made folder_details;
BEGIN
  IF v_done IS NULL THEN
    SELECT * INTO v_made FROM create_folder(p_context, p_folder, p_parent, p_name, p_created_by, p_max_depth);
    PERFORM end_once(p_context, to_jsonb(v_made));
  ELSE
    v_made := jsonb_populate_record(NULL::folder_details, v_done);
  END IF;
  RETURN QUERY SELECT v_made, v_done IS NOT NULL;
END $$;

CREATE FUNCTION create_access_group_once(p_context jsonb, p_group uuid, p_name text)
RETURNS TABLE (made access_groups, replayed boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_done jsonb := begin_once(p_context);
  v_made access_groups;
BEGIN
  IF v_done IS NULL THEN
    SELECT * INTO v_made FROM create_access_group(p_context, p_group, p_name);
    PERFORM end_once(p_context, to_jsonb(v_made));
  ELSE
    v_made := jsonb_populate_record(NULL::access_groups, v_done);
  END IF;
  RETURN QUERY SELECT v_made, v_done IS NOT NULL;
END $$;

-- Deletes a file whose upload could not be finished and forgets its key: the client is told to try again. Under a key another request
-- may have finished it meanwhile; then the upload stands, and whoever repeats the request is told so.
CREATE FUNCTION withdraw_upload(p_context jsonb, p_file uuid, p_version uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF p_context ? 'once' THEN
    -- The file before its version, as in delete_file.
    PERFORM 1 FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file FOR UPDATE;
    PERFORM 1 FROM file_versions v
      WHERE v.tenant_id = current_tenant() AND v.id = p_version AND v.state = 'awaiting_upload' FOR UPDATE;
    IF NOT FOUND THEN
      RETURN false;
    END IF;
    PERFORM forget_once(p_context);
  END IF;
  RETURN delete_file(p_context, p_file);
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Role custody_system.

CREATE FUNCTION trim_idempotency_keys(p_limit integer) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  WITH gone AS (
    DELETE FROM idempotency_keys k WHERE (k.tenant_id, k.actor, k.key) IN (
      SELECT x.tenant_id, x.actor, x.key FROM idempotency_keys x
       WHERE x.expires_at <= clock_timestamp() LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*) FROM gone;
$$;
REVOKE EXECUTE ON FUNCTION trim_idempotency_keys(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trim_idempotency_keys(integer) TO custody_system;
