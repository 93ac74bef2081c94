-- Rescans (ADR 0026): what is available is scanned again, by file, by tenant, or everywhere when the engine has newer signatures, and
-- withdrawn at once when it turns out infected.

INSERT INTO version_transitions VALUES ('available', 'rejected');

ALTER TABLE file_versions
  ADD COLUMN withdrawn_at timestamptz(3),
  ADD CONSTRAINT withdrawn_is_rejected CHECK (withdrawn_at IS NULL OR state = 'rejected');
-- The order of a tenant's run and of a run over all tenants (ADR 0004): what became available last comes first.
CREATE INDEX file_versions_served_of_tenant ON file_versions (tenant_id, ended_at, id) WHERE state = 'available';
CREATE INDEX file_versions_served ON file_versions (ended_at, id) WHERE state = 'available';

-- The verdicts before the one that stands in the version's row. The first is the one that let the bytes through.
CREATE TABLE past_verdicts (
  tenant_id         uuid NOT NULL,
  id                bigint GENERATED ALWAYS AS IDENTITY,
  version_id        uuid NOT NULL,
  is_first          boolean NOT NULL,
  verdict           text NOT NULL,
  coverage          text,
  engine_version    text,
  signature_version text,
  signatures_at     timestamptz(3),
  scanned_at        timestamptz(3) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES file_versions (tenant_id, id)
);
CREATE INDEX past_verdicts_of_version ON past_verdicts (tenant_id, version_id, id);
-- Serves cross-tenant work (ADR 0004).
CREATE INDEX past_verdicts_by_age ON past_verdicts (scanned_at) WHERE NOT is_first;

-- A run over many versions. The nil tenant stands for the deployment: its runs belong to no tenant and none can see them.
CREATE TABLE rescan_runs (
  tenant_id      uuid NOT NULL,
  id             uuid NOT NULL DEFAULT gen_random_uuid(),
  state          text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped')),
  stop_reason    text CHECK (stop_reason IN ('asked', 'too_many_withdrawn')),
  reason         text,
  started_by     text NOT NULL,
  started_at     timestamptz(3) NOT NULL DEFAULT now(),
  ended_at       timestamptz(3),
  -- What is rescanned: verdicts before this time, and, of a run for new signatures, those of older ones.
  scanned_before timestamptz(3) NOT NULL,
  signatures     bigint NOT NULL DEFAULT 0,
  total          bigint,
  -- How far it has come: versions from here on are still to be queued. Null: all are.
  cursor_at      timestamptz(3) DEFAULT 'infinity',
  cursor_id      uuid NOT NULL DEFAULT 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  clean          bigint NOT NULL DEFAULT 0,
  withdrawn      bigint NOT NULL DEFAULT 0,
  inconclusive   bigint NOT NULL DEFAULT 0,
  skipped        bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT stopped_has_reason CHECK ((state = 'stopped') = (stop_reason IS NOT NULL))
);
-- One at a time for each tenant, and one over all.
CREATE UNIQUE INDEX rescan_runs_running ON rescan_runs (tenant_id) WHERE state = 'running';
-- Serves cross-tenant work, as the running one over all does.
CREATE INDEX rescan_runs_by_id ON rescan_runs (id);
CREATE INDEX rescan_runs_by_time ON rescan_runs (tenant_id, started_at, id);

-- Versions that wait for their rescan or are in one, each once; gone when it has ended.
CREATE TABLE rescans (
  tenant_id      uuid NOT NULL,
  version_id     uuid NOT NULL,
  file_id        uuid NOT NULL,
  seq            bigint GENERATED ALWAYS AS IDENTITY,
  -- 0: asked for by itself; 1: of a tenant's run; 2: of a run over all.
  priority       smallint NOT NULL,
  run_id         uuid,
  min_signatures bigint NOT NULL DEFAULT 0,
  requested_by   text NOT NULL,
  request_id     text,
  requested_at   timestamptz(3) NOT NULL DEFAULT now(),
  epoch          integer NOT NULL DEFAULT 0,
  starts         integer NOT NULL DEFAULT 0,
  lease_until    timestamptz(3),
  retry_at       timestamptz(3),
  checkpoint     jsonb,
  PRIMARY KEY (tenant_id, version_id),
  FOREIGN KEY (tenant_id, version_id) REFERENCES file_versions (tenant_id, id)
);
-- Both serve cross-tenant work (ADR 0004).
CREATE INDEX rescans_in_order ON rescans (priority, seq);
CREATE INDEX rescans_of_run ON rescans (run_id) WHERE run_id IS NOT NULL;
-- A version may be queued again later: no two claims of it ever share their epoch.
CREATE SEQUENCE rescan_claims AS integer CYCLE;

-- ---------------------------------------------------------------------------------------------------------------------
-- What a verdict over available bytes brings with it, whoever writes it.

-- As before; and available ends only by a later verdict that withdraws it (I7).
CREATE OR REPLACE FUNCTION guard_version_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM version_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
    RAISE EXCEPTION 'version % may not go from % to %', NEW.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'available' AND NOT coalesce(
       NEW.withdrawn_at IS NOT NULL AND NEW.scanned_at > OLD.scanned_at
       AND (NEW.reject_reason = 'infected' AND NEW.verdict = 'infected'
         OR NEW.reject_reason = 'checksum_mismatch' AND NEW.verdict = 'mismatch'), false) THEN
    RAISE EXCEPTION 'version % is available: only a verdict withdraws it', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('available', 'rejected') THEN
    NEW.ended_at := now();
    NEW.lease_until := NULL;
    -- The reaper's next look was set for an upload that had not arrived; its bytes are to be removed now.
    NEW.reconcile_at := NULL;
  END IF;
  IF OLD.state = 'available' THEN
    -- Its bytes are in main, and are to go.
    NEW.cleaned_at := NULL;
  END IF;
  RETURN NEW;
END $$;

-- As before, but a later scan of an available version may come to another verdict. Its hash and its type never change.
DROP TRIGGER guard_pin ON file_versions;
CREATE TRIGGER guard_pin BEFORE UPDATE ON file_versions FOR EACH ROW
  WHEN ((OLD.store_version IS NOT NULL AND (OLD.store_version, OLD.etag, OLD.size) IS DISTINCT FROM (NEW.store_version, NEW.etag, NEW.size))
     OR (OLD.state IN ('clean', 'available', 'rejected') AND (OLD.sha256, OLD.mime_type) IS DISTINCT FROM (NEW.sha256, NEW.mime_type))
     OR (OLD.state IN ('clean', 'available', 'rejected') AND OLD.verdict IS DISTINCT FROM NEW.verdict
         AND NOT (OLD.state = 'available' AND coalesce(NEW.scanned_at > OLD.scanned_at, false))))
  EXECUTE FUNCTION guard_version_pin();

CREATE FUNCTION keep_past_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO past_verdicts (tenant_id, version_id, is_first, verdict, coverage, engine_version, signature_version, signatures_at, scanned_at)
  VALUES (OLD.tenant_id, OLD.id,
          NOT EXISTS (SELECT 1 FROM past_verdicts p WHERE p.tenant_id = OLD.tenant_id AND p.version_id = OLD.id),
          OLD.verdict, OLD.coverage, OLD.engine_version, OLD.signature_version, OLD.signatures_at, OLD.scanned_at);
  RETURN NULL;
END $$;
CREATE TRIGGER keep_verdict AFTER UPDATE ON file_versions FOR EACH ROW
  WHEN (OLD.verdict IS NOT NULL AND OLD.scanned_at IS NOT NULL AND OLD.scanned_at IS DISTINCT FROM NEW.scanned_at)
  EXECUTE FUNCTION keep_past_verdict();

-- As before; a version that was available is withdrawn: the notification says since when its bytes could be had.
CREATE OR REPLACE FUNCTION follow_version_transition() RETURNS trigger LANGUAGE plpgsql AS $$
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
  ELSIF v_from = 'available' THEN
    v_type := 'notify.notification.sent';
    v_data := jsonb_build_object('notification', 'file.altered', 'recipient', jsonb_build_object('role', 'tenant_admin'),
                                 'uploadedBy', NEW.created_by);
  END IF;
  IF v_from = 'available' THEN
    v_data := v_data || jsonb_build_object('withdrawn', true,
      'availableSince', to_char(OLD.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
  END IF;
  IF v_type IS NOT NULL THEN
    INSERT INTO outbox (tenant_id, type, file_id, version_id, data, request_id, traceparent)
    VALUES (NEW.tenant_id, v_type, NEW.file_id, NEW.id, v_data,
            nullif(current_setting('app.request_id', true), ''), nullif(current_setting('app.traceparent', true), ''));
  END IF;
  RETURN NULL;
END $$;

-- Bytes of a withdrawn version are in main, as those of one that passed and was deleted: both functions as before, and for these too.
CREATE OR REPLACE FUNCTION claim_ended(p_after interval, p_every interval, p_limit integer)
RETURNS TABLE (tenant_id uuid, file_id uuid, version_id uuid, bucket text, state version_state, passed boolean) LANGUAGE sql VOLATILE AS $$
  WITH picked AS MATERIALIZED (
     SELECT x.tenant_id, x.id FROM file_versions x
      WHERE x.cleaned_at IS NULL AND x.state IN ('available', 'rejected')
        AND (coalesce(x.verdict, '') NOT IN ('clean', 'released') OR x.ended_at < clock_timestamp() - p_after)
        AND (x.reconcile_at IS NULL OR x.reconcile_at <= clock_timestamp())
      ORDER BY x.ended_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE file_versions v SET reconcile_at = clock_timestamp() + p_every
    FROM picked p, files f
   WHERE f.tenant_id = v.tenant_id AND f.id = v.file_id AND v.tenant_id = p.tenant_id AND v.id = p.id
  RETURNING v.tenant_id, v.file_id, v.id, f.bucket, v.state,
    coalesce(v.verdict, '') IN ('clean', 'released') OR v.withdrawn_at IS NOT NULL;
$$;

CREATE OR REPLACE FUNCTION version_states(p_tenants uuid[], p_versions uuid[])
RETURNS TABLE (version_id uuid, state version_state, passed boolean, deleted boolean, purged boolean) LANGUAGE sql STABLE AS $$
  SELECT v.id, v.state, coalesce(v.verdict, '') IN ('clean', 'released') OR v.withdrawn_at IS NOT NULL,
         f.deleted_at IS NOT NULL, f.purged_at IS NOT NULL
    FROM unnest(p_tenants, p_versions) AS c (tenant_id, id)
    JOIN file_versions v ON v.tenant_id = c.tenant_id AND v.id = c.id
    JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id;
$$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Steps of administrators (role custody_app, row-level security).

-- Queues one version, or the one that speaks for the file when p_version is NULL; one that waits for a run comes first now.
-- `outcome`: no_file, no_version, unavailable, queued, running.
CREATE FUNCTION request_rescan(p_context jsonb, p_file uuid, p_version uuid, p_reason text)
RETURNS TABLE (outcome text, version_id uuid, requested_at timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_current uuid;
  v_state version_state;
BEGIN
  PERFORM enter(p_context);
  SELECT f.current_version_id INTO v_current FROM files f
   WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.deleted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'no_file', NULL::uuid, NULL::timestamptz;
    RETURN;
  END IF;
  SELECT v.state INTO v_state FROM file_versions v
   WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND v.id = coalesce(p_version, v_current);
  IF v_state IS DISTINCT FROM 'available' THEN
    RETURN QUERY SELECT CASE WHEN p_version IS NOT NULL AND v_state IS NULL THEN 'no_version' ELSE 'unavailable' END,
                        NULL::uuid, NULL::timestamptz;
    RETURN;
  END IF;
  INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
    VALUES (current_tenant(), p_context ->> 'actor', 'file.rescan_requested', p_file, coalesce(p_version, v_current),
            p_context ->> 'requestId', jsonb_strip_nulls(jsonb_build_object('reason', p_reason)));
  RETURN QUERY
    INSERT INTO rescans AS r (tenant_id, version_id, file_id, priority, requested_by, request_id)
    VALUES (current_tenant(), coalesce(p_version, v_current), p_file, 0, p_context ->> 'actor', p_context ->> 'requestId')
    ON CONFLICT (tenant_id, version_id) DO UPDATE SET priority = 0, min_signatures = 0, retry_at = NULL
    RETURNING CASE WHEN r.lease_until > clock_timestamp() THEN 'running' ELSE 'queued' END, r.version_id, r.requested_at::timestamptz;
END $$;

-- The tenant's running run when there is one, else a new one over the versions whose verdict is older than p_before.
CREATE FUNCTION start_rescan_run(p_context jsonb, p_reason text, p_before timestamptz) RETURNS SETOF rescan_runs LANGUAGE plpgsql AS $$
DECLARE
  v_before timestamptz := coalesce(p_before, now());
  v_run uuid;
BEGIN
  PERFORM enter(p_context);
  INSERT INTO rescan_runs (tenant_id, reason, started_by, scanned_before, total)
    SELECT current_tenant(), p_reason, p_context ->> 'actor', v_before, count(*)
      FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
     WHERE v.tenant_id = current_tenant() AND v.state = 'available' AND v.scanned_at < v_before AND f.deleted_at IS NULL
    ON CONFLICT (tenant_id) WHERE state = 'running' DO NOTHING RETURNING id INTO v_run;
  IF FOUND THEN
    PERFORM write_down(p_context, 'rescan.started', NULL, jsonb_strip_nulls(jsonb_build_object(
      'runId', v_run, 'reason', p_reason, 'scannedBefore', v_before)));
  END IF;
  RETURN QUERY SELECT * FROM rescan_runs r WHERE r.tenant_id = current_tenant() AND r.state = 'running';
END $$;

CREATE FUNCTION find_rescan_run(p_context jsonb, p_run uuid) RETURNS SETOF rescan_runs LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM rescan_runs r WHERE r.tenant_id = current_tenant() AND r.id = p_run;
END $$;

-- Newest first, after the one the last page ended with.
CREATE FUNCTION list_rescan_runs(p_context jsonb, p_after uuid, p_limit integer) RETURNS SETOF rescan_runs LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM rescan_runs r
    WHERE r.tenant_id = current_tenant() AND (p_after IS NULL OR (r.started_at, r.id) < (
      SELECT a.started_at, a.id FROM rescan_runs a WHERE a.tenant_id = current_tenant() AND a.id = p_after))
    ORDER BY r.started_at DESC, r.id DESC LIMIT p_limit;
END $$;

-- Ends a run: what it queued and nobody holds is dropped. Whoever records a rescan locks its row before the run: locked rows are left.
CREATE FUNCTION stop_run(p_tenant uuid, p_run uuid, p_reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rescan_runs r SET state = 'stopped', stop_reason = p_reason, ended_at = now(), cursor_at = NULL
   WHERE r.tenant_id = p_tenant AND r.id = p_run AND r.state = 'running';
  DELETE FROM rescans r WHERE (r.tenant_id, r.version_id) IN (
    SELECT x.tenant_id, x.version_id FROM rescans x
     WHERE x.run_id = p_run AND x.priority > 0 AND (x.lease_until IS NULL OR x.lease_until < clock_timestamp())
     FOR UPDATE SKIP LOCKED);
END $$;

-- The run as it is then; one that has ended stays as it ended.
CREATE FUNCTION stop_rescan_run(p_context jsonb, p_run uuid) RETURNS SETOF rescan_runs LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM 1 FROM rescan_runs r WHERE r.tenant_id = current_tenant() AND r.id = p_run AND r.state = 'running' FOR UPDATE;
  IF FOUND THEN
    PERFORM stop_run(current_tenant(), p_run, 'asked');
    PERFORM write_down(p_context, 'rescan.stopped', NULL, jsonb_build_object('runId', p_run, 'stopReason', 'asked'));
  END IF;
  RETURN QUERY SELECT * FROM rescan_runs r WHERE r.tenant_id = current_tenant() AND r.id = p_run;
END $$;

-- Why a version that was available is not any more; no row: it was not withdrawn.
CREATE FUNCTION find_withdrawal(p_context jsonb, p_file uuid, p_version uuid)
RETURNS TABLE (reason reject_reason, signature text, withdrawn_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT v.reject_reason, v.signature, v.withdrawn_at::timestamptz
    FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id AND f.deleted_at IS NULL
   WHERE v.tenant_id = current_tenant() AND v.file_id = p_file AND v.id = p_version AND v.withdrawn_at IS NOT NULL;
END $$;

CREATE FUNCTION find_rescan_checkpoint(p_context jsonb, p_version uuid, p_epoch integer) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN (SELECT r.checkpoint FROM rescans r WHERE r.tenant_id = current_tenant() AND r.version_id = p_version AND r.epoch = p_epoch);
END $$;

-- Progress forgives the starts before it, as it does for a scan.
CREATE FUNCTION save_rescan_checkpoint(p_context jsonb, p_version uuid, p_epoch integer, p_checkpoint jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE rescans r SET checkpoint = p_checkpoint, starts = least(r.starts, 1)
   WHERE r.tenant_id = current_tenant() AND r.version_id = p_version AND r.epoch = p_epoch;
  RETURN FOUND;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Cross-tenant work (role custody_system).

-- Local signatures have no number: they are older than any that has.
CREATE FUNCTION signature_number(p_signatures text) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE WHEN p_signatures ~ '^[0-9]{1,18}$' THEN p_signatures::bigint ELSE 0 END;

-- The engine has signatures that no run was begun for: a run over all tenants, unless one is still under way. It is not begun over
-- again for every update: each version gets its turn before the first gets its second.
CREATE FUNCTION begin_signature_run(p_context jsonb, p_signatures bigint) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  c_all CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  v_run uuid;
BEGIN
  IF EXISTS (SELECT 1 FROM rescan_runs r WHERE r.tenant_id = c_all AND (r.state = 'running' OR r.signatures >= p_signatures)) THEN
    RETURN NULL;
  END IF;
  INSERT INTO rescan_runs (tenant_id, started_by, scanned_before, signatures)
    VALUES (c_all, p_context ->> 'actor', now(), p_signatures)
    ON CONFLICT (tenant_id) WHERE state = 'running' DO NOTHING RETURNING id INTO v_run;
  RETURN v_run;
END $$;

-- Queues the next versions of a run that has fewer than p_batch in the queue, and looks at p_look at most to find them: a run of which
-- little is left to do must not read a whole archive in one step. False: there is no run that could go on, or others are at it.
CREATE FUNCTION feed_rescans(p_signatures bigint, p_batch integer, p_look integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  c_all CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  v_run rescan_runs;
  v_served text;
  v_end_at timestamptz;
  v_end_id uuid;
  v_next file_versions[];
BEGIN
  SELECT * INTO v_run FROM rescan_runs r
   WHERE r.state = 'running' AND r.cursor_at IS NOT NULL AND r.signatures <= p_signatures
     AND (SELECT count(*) FROM rescans q WHERE q.run_id = r.id) < p_batch
   ORDER BY r.tenant_id = c_all, r.started_at LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  v_served := format('FROM file_versions v WHERE %s v.state = ''available'' AND (v.ended_at, v.id) < ($2, $3)',
                     CASE WHEN v_run.tenant_id <> c_all THEN 'v.tenant_id = $1 AND' END);
  EXECUTE format('SELECT v.ended_at, v.id %s ORDER BY v.ended_at DESC, v.id DESC OFFSET $4 - 1 LIMIT 1', v_served)
     INTO v_end_at, v_end_id USING v_run.tenant_id, v_run.cursor_at, v_run.cursor_id, p_look;
  EXECUTE format('SELECT ARRAY(SELECT v %s AND ($5 IS NULL OR (v.ended_at, v.id) >= ($5, $6)) AND v.scanned_at < $7
                     AND ($8 = 0 OR signature_number(v.signature_version) < $8)
                   ORDER BY v.ended_at DESC, v.id DESC LIMIT $4)', v_served)
     INTO v_next USING v_run.tenant_id, v_run.cursor_at, v_run.cursor_id, p_batch, v_end_at, v_end_id, v_run.scanned_before, v_run.signatures;
  INSERT INTO rescans (tenant_id, version_id, file_id, priority, run_id, min_signatures, requested_by)
    SELECT n.tenant_id, n.id, n.file_id, CASE v_run.tenant_id WHEN c_all THEN 2 ELSE 1 END, v_run.id, v_run.signatures, v_run.started_by
      FROM unnest(v_next) n
      JOIN files f ON f.tenant_id = n.tenant_id AND f.id = n.file_id AND f.deleted_at IS NULL
     ORDER BY n.ended_at DESC, n.id DESC
    ON CONFLICT (tenant_id, version_id) DO NOTHING;
  IF cardinality(v_next) = p_batch THEN
    v_end_at := (v_next[p_batch]).ended_at;
    v_end_id := (v_next[p_batch]).id;
  END IF;
  UPDATE rescan_runs r SET cursor_at = v_end_at, cursor_id = coalesce(v_end_id, r.cursor_id)
   WHERE r.tenant_id = v_run.tenant_id AND r.id = v_run.id;
  RETURN true;
END $$;

-- Counts the end of a rescan in its run; a run that withdraws as much as this is stopped: it is rather the signatures that are wrong.
CREATE FUNCTION count_rescan(p_run uuid, p_outcome text, p_max_withdrawn integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_run rescan_runs;
BEGIN
  UPDATE rescan_runs r
     SET clean = r.clean + (p_outcome = 'clean')::integer, withdrawn = r.withdrawn + (p_outcome IN ('infected', 'altered'))::integer,
         skipped = r.skipped + (p_outcome = 'skipped')::integer,
         inconclusive = r.inconclusive + (p_outcome NOT IN ('clean', 'infected', 'altered', 'skipped'))::integer
   WHERE r.id = p_run RETURNING * INTO v_run;
  IF v_run.state = 'running' AND v_run.withdrawn >= p_max_withdrawn THEN
    PERFORM stop_run(v_run.tenant_id, v_run.id, 'too_many_withdrawn');
    INSERT INTO audit_log (tenant_id, actor, action, detail)
      SELECT v_run.tenant_id, 'system:scan-worker', 'rescan.stopped',
             jsonb_build_object('runId', v_run.id, 'stopReason', 'too_many_withdrawn')
       WHERE v_run.signatures = 0;
  END IF;
END $$;

-- Runs of which nothing is left to queue and nothing queued.
CREATE FUNCTION end_rescan_runs() RETURNS void LANGUAGE sql VOLATILE AS $$
  WITH ended AS (
    UPDATE rescan_runs r SET state = 'done', ended_at = now()
     WHERE r.state = 'running' AND r.cursor_at IS NULL AND NOT EXISTS (SELECT 1 FROM rescans q WHERE q.run_id = r.id)
    RETURNING r.*)
  INSERT INTO audit_log (tenant_id, actor, action, detail)
    SELECT e.tenant_id, 'system:scan-worker', 'rescan.ended', jsonb_build_object(
             'runId', e.id, 'clean', e.clean, 'withdrawn', e.withdrawn, 'inconclusive', e.inconclusive, 'skipped', e.skipped)
      FROM ended e WHERE e.signatures = 0;
$$;

-- Claims the next rescan: asked for by itself first, then tenants' runs, then the deployment's. None while an upload waits for its scan.
-- One whose version is no longer available, or that was started p_max_starts times without an end, is dropped.
CREATE FUNCTION claim_rescan(p_context jsonb, p_lease interval, p_max_starts integer, p_signatures bigint, p_batch integer, p_max_withdrawn integer)
RETURNS TABLE (
  tenant_id uuid, id uuid, file_id uuid, state version_state, reject_reason reject_reason, reject_detail text, epoch integer, starts integer,
  mime_type text, declared_mime_type text, declared_size bigint, declared_sha256 text, store_version text, etag text, size bigint,
  sha256 text, sniffed_mime_type text, multipart_id text, part_size bigint, bucket text, filename text, request_id text, traceparent text,
  run_id uuid
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  -- The rest is looked at when the worker asks again.
  c_most_fed CONSTANT integer := 10;
  v_fed integer := 0;
  v_found rescans;
  v_outcome text;
BEGIN
  PERFORM enter(p_context);
  IF EXISTS (SELECT 1 FROM file_versions v WHERE v.state = 'uploaded' AND (v.retry_at IS NULL OR v.retry_at <= clock_timestamp()))
     OR EXISTS (SELECT 1 FROM file_versions v WHERE v.state IN ('scanning', 'clean') AND v.lease_until < clock_timestamp()) THEN
    RETURN;
  END IF;
  LOOP
    SELECT * INTO v_found FROM rescans r
     WHERE (r.lease_until IS NULL OR r.lease_until < clock_timestamp()) AND (r.retry_at IS NULL OR r.retry_at <= clock_timestamp())
       AND r.min_signatures <= p_signatures
     ORDER BY r.priority, r.seq LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
      v_fed := v_fed + 1;
      IF v_fed > c_most_fed OR NOT feed_rescans(p_signatures, p_batch, p_batch * 100) THEN
        PERFORM end_rescan_runs();
        RETURN;
      END IF;
      CONTINUE;
    END IF;
    v_outcome := CASE
      WHEN NOT EXISTS (
        SELECT 1 FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
         WHERE v.tenant_id = v_found.tenant_id AND v.id = v_found.version_id AND v.state = 'available' AND f.deleted_at IS NULL) THEN 'skipped'
      WHEN v_found.starts >= p_max_starts THEN 'failed' END;
    EXIT WHEN v_outcome IS NULL;
    DELETE FROM rescans r WHERE r.tenant_id = v_found.tenant_id AND r.version_id = v_found.version_id;
    PERFORM count_rescan(v_found.run_id, v_outcome, p_max_withdrawn);
    IF v_outcome = 'failed' THEN
      INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
        VALUES (v_found.tenant_id, p_context ->> 'actor', 'file.rescanned', v_found.file_id, v_found.version_id, v_found.request_id,
                jsonb_build_object('outcome', 'failed', 'detail', 'started ' || v_found.starts || ' times without an end'));
    END IF;
  END LOOP;
  UPDATE rescans r
     SET epoch = nextval('rescan_claims'), starts = r.starts + 1, retry_at = NULL, lease_until = clock_timestamp() + p_lease
   WHERE r.tenant_id = v_found.tenant_id AND r.version_id = v_found.version_id;
  RETURN QUERY SELECT v.tenant_id, v.id, v.file_id, v.state, v.reject_reason, v.reject_detail, r.epoch, r.starts,
      v.mime_type, v.declared_mime_type, v.declared_size, v.declared_sha256, v.store_version, v.etag, v.size,
      v.sha256, v.sniffed_mime_type, v.multipart_id, v.part_size, f.bucket, f.filename, r.request_id, NULL::text, r.run_id
    FROM rescans r
    JOIN file_versions v ON v.tenant_id = r.tenant_id AND v.id = r.version_id
    JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
   WHERE r.tenant_id = v_found.tenant_id AND r.version_id = v_found.version_id;
END $$;

CREATE FUNCTION renew_rescan(p_tenant uuid, p_version uuid, p_epoch integer, p_lease interval) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rescans r SET lease_until = clock_timestamp() + p_lease
   WHERE r.tenant_id = p_tenant AND r.version_id = p_version AND r.epoch = p_epoch;
  RETURN FOUND;
END $$;

-- Gives a claim back for another try. `p_refund` 1: an upload came first, or an outage was to blame.
CREATE FUNCTION hand_back_rescan(p_tenant uuid, p_version uuid, p_epoch integer, p_retry_after interval, p_refund integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rescans r SET lease_until = NULL, retry_at = clock_timestamp() + p_retry_after, starts = greatest(r.starts - p_refund, 0)
   WHERE r.tenant_id = p_tenant AND r.version_id = p_version AND r.epoch = p_epoch;
  RETURN FOUND;
END $$;

-- The end of a rescan, in one transaction with everything it means. `p_outcome`: clean (the verdict in the row is renewed), infected or
-- altered (the version is withdrawn), anything else: nothing changes. `applied` false: the claim is not ours any more. `outcome` is
-- `skipped` when the version is no longer available. Locks: the file, its version, the rescan, the run.
CREATE FUNCTION record_rescan(
  p_context jsonb, p_file uuid, p_version uuid, p_epoch integer, p_outcome text, p_detail text, p_signature text, p_coverage text,
  p_engine text, p_signatures text, p_signatures_at timestamptz, p_max_withdrawn integer
) RETURNS TABLE (applied boolean, outcome text, events jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_rescan rescans;
  v_here boolean;
BEGIN
  PERFORM enter(p_context);
  SELECT f.deleted_at IS NULL INTO v_here FROM files f WHERE f.tenant_id = current_tenant() AND f.id = p_file FOR UPDATE;
  SELECT v_here AND v.state = 'available' INTO v_here FROM file_versions v
   WHERE v.tenant_id = current_tenant() AND v.id = p_version FOR UPDATE;
  DELETE FROM rescans r WHERE r.tenant_id = current_tenant() AND r.version_id = p_version AND r.epoch = p_epoch RETURNING * INTO v_rescan;
  IF NOT FOUND THEN
    RETURN QUERY SELECT false, NULL::text, '[]'::jsonb;
    RETURN;
  END IF;
  IF NOT coalesce(v_here, false) THEN
    p_outcome := 'skipped';
  END IF;
  IF p_outcome IN ('clean', 'infected', 'altered') THEN
    UPDATE file_versions v
       SET verdict = CASE p_outcome WHEN 'clean' THEN 'clean' WHEN 'infected' THEN 'infected' ELSE 'mismatch' END,
           coverage = p_coverage, engine_version = p_engine, signature_version = p_signatures, signatures_at = p_signatures_at,
           scanned_at = greatest(clock_timestamp(), v.scanned_at + interval '1 ms'), signature = p_signature,
           state = CASE p_outcome WHEN 'clean' THEN v.state ELSE 'rejected'::version_state END,
           reject_reason = CASE p_outcome WHEN 'infected' THEN 'infected'::reject_reason WHEN 'altered' THEN 'checksum_mismatch'::reject_reason END,
           reject_detail = CASE WHEN p_outcome <> 'clean' THEN p_detail END,
           withdrawn_at = CASE WHEN p_outcome <> 'clean' THEN now() END
     WHERE v.tenant_id = current_tenant() AND v.id = p_version;
  END IF;
  IF p_outcome IN ('infected', 'altered') THEN
    -- The newest version speaks for the file now, whatever it is; an older one only if somebody restores it.
    UPDATE files f
       SET current_version_id = CASE WHEN n.state = 'available' THEN n.id END, version_chosen_at = NULL, mime_type = n.mime_type,
           status = CASE n.state WHEN 'available' THEN 'available' WHEN 'rejected' THEN 'rejected' ELSE 'pending_scan' END
      FROM (SELECT * FROM file_versions x WHERE x.tenant_id = current_tenant() AND x.file_id = p_file
             ORDER BY x.created_at DESC, x.id DESC LIMIT 1) n
     WHERE f.tenant_id = current_tenant() AND f.id = p_file AND f.current_version_id = p_version;
  END IF;
  -- Of a run, what changed something or could not be done is written down; the run's own counts tell the rest.
  IF v_rescan.run_id IS NULL OR v_rescan.priority = 0 OR p_outcome NOT IN ('clean', 'skipped') THEN
    INSERT INTO audit_log (tenant_id, actor, action, file_id, version_id, request_id, detail)
      VALUES (current_tenant(), p_context ->> 'actor', 'file.rescanned', p_file, p_version, v_rescan.request_id,
              jsonb_strip_nulls(jsonb_build_object('outcome', p_outcome, 'detail', p_detail, 'signature', p_signature,
                'engineVersion', p_engine, 'signatureVersion', p_signatures, 'runId', v_rescan.run_id)));
  END IF;
  PERFORM count_rescan(v_rescan.run_id, p_outcome, p_max_withdrawn);
  RETURN QUERY SELECT true, p_outcome,
    CASE WHEN p_outcome IN ('infected', 'altered') THEN new_events(current_tenant(), p_version) ELSE '[]'::jsonb END;
END $$;

CREATE FUNCTION rescan_backlog() RETURNS TABLE (waiting bigint, running bigint) LANGUAGE sql STABLE AS $$
  SELECT count(*) FILTER (WHERE r.lease_until IS NULL OR r.lease_until < clock_timestamp()),
         count(*) FILTER (WHERE r.lease_until >= clock_timestamp()) FROM rescans r;
$$;

-- Available versions whose verdict is of older signatures than these, and all of them.
CREATE FUNCTION verdict_coverage(p_signatures bigint) RETURNS TABLE (stale bigint, available bigint) LANGUAGE sql STABLE AS $$
  SELECT count(*) FILTER (WHERE signature_number(v.signature_version) < p_signatures), count(*)
    FROM file_versions v WHERE v.state = 'available';
$$;

-- Forgets verdicts that were followed by another one p_keep ago or earlier; the first of each version stays.
CREATE FUNCTION trim_past_verdicts(p_keep interval, p_limit integer) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  WITH gone AS (
    DELETE FROM past_verdicts p WHERE (p.tenant_id, p.id) IN (
      SELECT x.tenant_id, x.id FROM past_verdicts x
       WHERE NOT x.is_first AND x.scanned_at < clock_timestamp() - p_keep ORDER BY x.scanned_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING 1)
  SELECT count(*) FROM gone;
$$;

-- ---------------------------------------------------------------------------------------------------------------------

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['past_verdicts', 'rescan_runs', 'rescans'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT ON past_verdicts TO custody_app, custody_system;
-- FOR UPDATE SKIP LOCKED asks for the right to update, too.
GRANT UPDATE, DELETE ON past_verdicts TO custody_system;
GRANT SELECT, INSERT, UPDATE ON rescan_runs TO custody_app, custody_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON rescans TO custody_app, custody_system;
GRANT USAGE ON SEQUENCE rescan_claims TO custody_system;
REVOKE EXECUTE ON FUNCTION
  begin_signature_run(jsonb, bigint), feed_rescans(bigint, integer, integer), count_rescan(uuid, text, integer), end_rescan_runs(),
  claim_rescan(jsonb, interval, integer, bigint, integer, integer), renew_rescan(uuid, uuid, integer, interval),
  hand_back_rescan(uuid, uuid, integer, interval, integer),
  record_rescan(jsonb, uuid, uuid, integer, text, text, text, text, text, text, timestamptz, integer),
  rescan_backlog(), verdict_coverage(bigint), trim_past_verdicts(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  begin_signature_run(jsonb, bigint), feed_rescans(bigint, integer, integer), count_rescan(uuid, text, integer), end_rescan_runs(),
  claim_rescan(jsonb, interval, integer, bigint, integer, integer), renew_rescan(uuid, uuid, integer, interval),
  hand_back_rescan(uuid, uuid, integer, interval, integer),
  record_rescan(jsonb, uuid, uuid, integer, text, text, text, text, text, text, timestamptz, integer),
  rescan_backlog(), verdict_coverage(bigint), trim_past_verdicts(interval, integer) TO custody_system;
