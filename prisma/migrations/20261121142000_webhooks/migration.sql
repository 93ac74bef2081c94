-- Webhooks of tenants: endpoints, and one row for each event an endpoint is to be told (ADR 0021).

CREATE TABLE webhook_endpoints (
  tenant_id             uuid NOT NULL,
  id                    uuid NOT NULL,
  url                   text NOT NULL,
  description           text,
  events                text[] NOT NULL CHECK (cardinality(events) > 0),
  enabled               boolean NOT NULL DEFAULT true,
  -- Of an endpoint that was disabled by us, not by its tenant.
  disabled_reason       text CHECK (disabled_reason IN ('gone', 'failing')),
  disabled_at           timestamptz(3),
  -- Sealed outside the database: AES-256-GCM, bound to this row.
  secret                text NOT NULL,
  previous_secret       text,
  previous_secret_until timestamptz(3),
  -- Attempts that failed in a row, and since when.
  failures              integer NOT NULL DEFAULT 0,
  failing_since         timestamptz(3),
  -- When a notifier should look at it; endpoints are served in this order, each moving to the end with every claim.
  due_at                timestamptz,
  created_at            timestamptz(3) NOT NULL DEFAULT now(),
  updated_at            timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at            timestamptz(3),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX webhook_endpoints_listed ON webhook_endpoints (tenant_id, created_at, id) WHERE deleted_at IS NULL;
-- Across tenants, for the notifier and the reaper.
CREATE INDEX webhook_endpoints_due ON webhook_endpoints (due_at) WHERE enabled AND due_at IS NOT NULL;
CREATE INDEX webhook_endpoints_deleted ON webhook_endpoints (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE webhook_deliveries (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL DEFAULT gen_random_uuid(),
  endpoint_id      uuid NOT NULL,
  event_id         uuid NOT NULL,
  type             text NOT NULL,
  event            jsonb NOT NULL,
  state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  -- Since it was begun or redelivered.
  attempts         integer NOT NULL DEFAULT 0,
  claims           integer NOT NULL DEFAULT 0,
  -- While pending; a claim moves it to the end of its lease.
  next_attempt_at  timestamptz,
  lease_until      timestamptz,
  last_status      integer,
  last_error       text,
  -- The last 20 attempts: {at, status, durationMs, error}; no byte of an answer.
  attempt_log      jsonb NOT NULL DEFAULT '[]',
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  ended_at         timestamptz(3),
  PRIMARY KEY (tenant_id, id),
  -- An event that is published again makes no second row.
  UNIQUE (tenant_id, endpoint_id, event_id),
  FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id),
  CONSTRAINT pending_has_time CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (tenant_id, endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (tenant_id, endpoint_id, state, created_at, id);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (tenant_id, endpoint_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (tenant_id, lease_until) WHERE lease_until IS NOT NULL;
-- Across tenants, for the reaper.
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (created_at);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['webhook_endpoints', 'webhook_deliveries'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON webhook_endpoints, webhook_deliveries TO custody_app;
GRANT SELECT, UPDATE, DELETE ON webhook_endpoints, webhook_deliveries TO custody_system;

-- ---------------------------------------------------------------------------------------------------------------------
-- Endpoints. The doors in front of these ask for files:admin. The audit log gets the host: the rest of a URL may be a secret.

CREATE FUNCTION host_of(p_url text) RETURNS text LANGUAGE sql IMMUTABLE RETURN substring(p_url FROM '^[a-z]+://([^/?#]+)');

-- Refuses WEBHOOK_LIMIT_EXCEEDED; the lock makes tenants that register many at once wait for each other.
CREATE FUNCTION create_webhook(p_context jsonb, p_id uuid, p_webhook jsonb, p_secret text, p_max integer)
RETURNS SETOF webhook_endpoints LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  PERFORM pg_advisory_xact_lock(hashtextextended('webhooks of ' || current_tenant(), 0));
  IF (SELECT count(*) FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.deleted_at IS NULL) >= p_max THEN
    PERFORM refuse('WEBHOOK_LIMIT_EXCEEDED');
  END IF;
  PERFORM write_down(p_context, 'webhook.created', NULL, jsonb_build_object(
    'webhookId', p_id, 'host', host_of(p_webhook ->> 'url'), 'events', p_webhook -> 'events'));
  RETURN QUERY INSERT INTO webhook_endpoints (tenant_id, id, url, description, events, enabled, secret)
    VALUES (current_tenant(), p_id, p_webhook ->> 'url', p_webhook ->> 'description',
            ARRAY(SELECT jsonb_array_elements_text(p_webhook -> 'events')), (p_webhook ->> 'enabled')::boolean, p_secret)
    RETURNING *;
END $$;

CREATE FUNCTION find_webhook(p_context jsonb, p_id uuid) RETURNS SETOF webhook_endpoints LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.id = p_id AND e.deleted_at IS NULL;
END $$;

-- In the order they were made, after the given one.
CREATE FUNCTION list_webhooks(p_context jsonb, p_at timestamptz, p_id uuid, p_limit integer) RETURNS SETOF webhook_endpoints LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT * FROM webhook_endpoints e
    WHERE e.tenant_id = current_tenant() AND e.deleted_at IS NULL AND (p_at IS NULL OR (e.created_at, e.id) > (p_at, p_id))
    ORDER BY e.created_at, e.id LIMIT p_limit;
END $$;

-- When the next of its deliveries is to be tried; NULL: it has none.
CREATE FUNCTION next_webhook_attempt(p_tenant uuid, p_endpoint uuid) RETURNS timestamptz LANGUAGE sql STABLE
RETURN (SELECT min(d.next_attempt_at) FROM webhook_deliveries d
         WHERE d.tenant_id = p_tenant AND d.endpoint_id = p_endpoint AND d.state = 'pending');

-- The members that p_changes has. What waited while it was disabled is sent once it is enabled.
CREATE FUNCTION update_webhook(p_context jsonb, p_id uuid, p_changes jsonb) RETURNS SETOF webhook_endpoints LANGUAGE plpgsql AS $$
DECLARE
  v_old webhook_endpoints;
  v_new webhook_endpoints;
  v_changed text[];
BEGIN
  PERFORM enter(p_context);
  SELECT * INTO v_old FROM webhook_endpoints e
   WHERE e.tenant_id = current_tenant() AND e.id = p_id AND e.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  v_new := v_old;
  IF p_changes ? 'url' THEN v_new.url := p_changes ->> 'url'; END IF;
  IF p_changes ? 'description' THEN v_new.description := p_changes ->> 'description'; END IF;
  IF p_changes ? 'events' THEN v_new.events := ARRAY(SELECT jsonb_array_elements_text(p_changes -> 'events')); END IF;
  IF p_changes ? 'enabled' THEN v_new.enabled := (p_changes ->> 'enabled')::boolean; END IF;
  v_changed := array_remove(ARRAY[
    CASE WHEN v_new.url <> v_old.url THEN 'url' END,
    CASE WHEN v_new.description IS DISTINCT FROM v_old.description THEN 'description' END,
    CASE WHEN v_new.events <> v_old.events THEN 'events' END,
    CASE WHEN v_new.enabled <> v_old.enabled THEN 'enabled' END], NULL);
  IF cardinality(v_changed) = 0 THEN
    RETURN NEXT v_old;
    RETURN;
  END IF;
  IF 'enabled' = ANY (v_changed) THEN
    v_new.disabled_reason := NULL;
    v_new.disabled_at := NULL;
    v_new.failures := 0;
    v_new.failing_since := NULL;
  END IF;
  PERFORM write_down(p_context, 'webhook.updated', NULL, jsonb_build_object(
    'webhookId', p_id, 'host', host_of(v_new.url), 'enabled', v_new.enabled, 'changed', v_changed));
  RETURN QUERY UPDATE webhook_endpoints e
     SET url = v_new.url, description = v_new.description, events = v_new.events, enabled = v_new.enabled,
         disabled_reason = v_new.disabled_reason, disabled_at = v_new.disabled_at, failures = v_new.failures,
         failing_since = v_new.failing_since, updated_at = now(), due_at = next_webhook_attempt(e.tenant_id, e.id)
   WHERE e.tenant_id = current_tenant() AND e.id = p_id RETURNING *;
END $$;

-- Nothing is sent any more and the secrets are gone; the reaper removes the rows.
CREATE FUNCTION delete_webhook(p_context jsonb, p_id uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  UPDATE webhook_endpoints e
     SET deleted_at = now(), enabled = false, due_at = NULL, secret = '', previous_secret = NULL, previous_secret_until = NULL
   WHERE e.tenant_id = current_tenant() AND e.id = p_id AND e.deleted_at IS NULL;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM write_down(p_context, 'webhook.deleted', NULL, jsonb_build_object('webhookId', p_id));
  RETURN true;
END $$;

-- The old secret goes on signing for p_grace beside the new one.
CREATE FUNCTION rotate_webhook_secret(p_context jsonb, p_id uuid, p_secret text, p_grace interval)
RETURNS SETOF webhook_endpoints LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY UPDATE webhook_endpoints e
     SET secret = p_secret, previous_secret = e.secret, previous_secret_until = now() + p_grace, updated_at = now()
   WHERE e.tenant_id = current_tenant() AND e.id = p_id AND e.deleted_at IS NULL RETURNING *;
  IF FOUND THEN
    PERFORM write_down(p_context, 'webhook.secret_rotated', NULL, jsonb_build_object(
      'webhookId', p_id, 'graceSec', extract(epoch FROM p_grace)::integer));
  END IF;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Deliveries. Whoever changes one locks its endpoint first: so the order of locks is one, and due_at follows.

-- One row for each endpoint of the tenant that wants such an event; returns how many are new.
CREATE FUNCTION enqueue_webhook_deliveries(p_context jsonb, p_event_id uuid, p_type text, p_event jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_endpoint uuid;
  v_new integer := 0;
BEGIN
  PERFORM enter(p_context);
  FOR v_endpoint IN
    SELECT e.id FROM webhook_endpoints e
     WHERE e.tenant_id = current_tenant() AND e.enabled AND e.deleted_at IS NULL AND p_type = ANY (e.events)
     ORDER BY e.id FOR NO KEY UPDATE
  LOOP
    INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, type, event, next_attempt_at)
      VALUES (current_tenant(), v_endpoint, p_event_id, p_type, p_event, clock_timestamp())
      ON CONFLICT (tenant_id, endpoint_id, event_id) DO NOTHING;
    IF FOUND THEN
      v_new := v_new + 1;
      UPDATE webhook_endpoints e SET due_at = least(e.due_at, clock_timestamp()) WHERE e.tenant_id = current_tenant() AND e.id = v_endpoint;
    END IF;
  END LOOP;
  RETURN v_new;
END $$;

-- An event for this endpoint alone, whatever it subscribes to. Refuses WEBHOOK_DISABLED; no row: no such endpoint.
CREATE FUNCTION test_webhook(p_context jsonb, p_id uuid, p_event_id uuid, p_type text, p_event jsonb)
RETURNS SETOF webhook_deliveries LANGUAGE plpgsql AS $$
DECLARE
  v_enabled boolean;
BEGIN
  PERFORM enter(p_context);
  SELECT e.enabled INTO v_enabled FROM webhook_endpoints e
   WHERE e.tenant_id = current_tenant() AND e.id = p_id AND e.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  ELSIF NOT v_enabled THEN
    PERFORM refuse('WEBHOOK_DISABLED');
  END IF;
  UPDATE webhook_endpoints e SET due_at = least(e.due_at, clock_timestamp()) WHERE e.tenant_id = current_tenant() AND e.id = p_id;
  PERFORM write_down(p_context, 'webhook.tested', NULL, jsonb_build_object('webhookId', p_id, 'eventId', p_event_id));
  RETURN QUERY INSERT INTO webhook_deliveries (tenant_id, endpoint_id, event_id, type, event, next_attempt_at)
    VALUES (current_tenant(), p_id, p_event_id, p_type, p_event, clock_timestamp()) RETURNING *;
END $$;

CREATE FUNCTION find_webhook_delivery(p_context jsonb, p_endpoint uuid, p_id uuid) RETURNS SETOF webhook_deliveries LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  RETURN QUERY SELECT d.* FROM webhook_deliveries d JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
    WHERE d.tenant_id = current_tenant() AND d.endpoint_id = p_endpoint AND d.id = p_id AND e.deleted_at IS NULL;
END $$;

-- Newest first, before the given one; p_state NULL: of any state.
CREATE FUNCTION list_webhook_deliveries(p_context jsonb, p_endpoint uuid, p_state text, p_at timestamptz, p_id uuid, p_limit integer)
RETURNS SETOF webhook_deliveries LANGUAGE plpgsql AS $$
BEGIN
  PERFORM enter(p_context);
  IF p_state IS NULL THEN
    RETURN QUERY SELECT * FROM webhook_deliveries d
      WHERE d.tenant_id = current_tenant() AND d.endpoint_id = p_endpoint AND (d.created_at, d.id) < (coalesce(p_at, 'infinity'), coalesce(p_id, p_endpoint))
      ORDER BY d.created_at DESC, d.id DESC LIMIT p_limit;
  ELSE
    RETURN QUERY SELECT * FROM webhook_deliveries d
      WHERE d.tenant_id = current_tenant() AND d.endpoint_id = p_endpoint AND d.state = p_state
        AND (d.created_at, d.id) < (coalesce(p_at, 'infinity'), coalesce(p_id, p_endpoint))
      ORDER BY d.created_at DESC, d.id DESC LIMIT p_limit;
  END IF;
END $$;

-- Sends it once more, with all attempts before it; one that is being sent is left as it is. Refuses WEBHOOK_DISABLED.
CREATE FUNCTION redeliver_webhook(p_context jsonb, p_endpoint uuid, p_id uuid) RETURNS SETOF webhook_deliveries LANGUAGE plpgsql AS $$
DECLARE
  v_enabled boolean;
  v_event uuid;
BEGIN
  PERFORM enter(p_context);
  SELECT e.enabled INTO v_enabled FROM webhook_endpoints e
   WHERE e.tenant_id = current_tenant() AND e.id = p_endpoint AND e.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT d.event_id INTO v_event FROM webhook_deliveries d WHERE d.tenant_id = current_tenant() AND d.endpoint_id = p_endpoint AND d.id = p_id;
  IF NOT FOUND THEN
    RETURN;
  ELSIF NOT v_enabled THEN
    PERFORM refuse('WEBHOOK_DISABLED');
  END IF;
  UPDATE webhook_deliveries d
     SET state = 'pending', attempts = 0, next_attempt_at = clock_timestamp(), lease_until = NULL, ended_at = NULL
   WHERE d.tenant_id = current_tenant() AND d.id = p_id AND (d.lease_until IS NULL OR d.lease_until < clock_timestamp());
  IF FOUND THEN
    UPDATE webhook_endpoints e SET due_at = least(e.due_at, clock_timestamp()) WHERE e.tenant_id = current_tenant() AND e.id = p_endpoint;
    PERFORM write_down(p_context, 'webhook.redelivered', NULL, jsonb_build_object(
      'webhookId', p_endpoint, 'deliveryId', p_id, 'eventId', v_event));
  END IF;
  RETURN QUERY SELECT * FROM webhook_deliveries d WHERE d.tenant_id = current_tenant() AND d.id = p_id;
END $$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The notifier.

-- The next delivery of the endpoint that has waited longest, leased; no row: nothing is due. At most p_per_endpoint and p_per_tenant
-- at a time, so that slow receivers hold up only themselves; across endpoints that second bound may be passed by the number of notifiers
-- that claim at the same moment.
CREATE FUNCTION claim_webhook_delivery(p_lease interval, p_per_endpoint integer, p_per_tenant integer)
RETURNS TABLE (tenant_id uuid, id uuid, endpoint_id uuid, claims integer, attempts integer, event jsonb, url text, secret text, previous_secret text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_endpoint webhook_endpoints;
  v_delivery webhook_deliveries;
  v_of_tenant integer;
  v_of_endpoint integer;
  v_free_at timestamptz;
BEGIN
  LOOP
    SELECT * INTO v_endpoint FROM webhook_endpoints e WHERE e.enabled AND e.due_at <= clock_timestamp()
     ORDER BY e.due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN NOT FOUND;
    SELECT count(*), count(*) FILTER (WHERE d.endpoint_id = v_endpoint.id), min(d.lease_until) FILTER (WHERE d.endpoint_id = v_endpoint.id)
      INTO v_of_tenant, v_of_endpoint, v_free_at
      FROM webhook_deliveries d WHERE d.tenant_id = v_endpoint.tenant_id AND d.lease_until > clock_timestamp();
    v_delivery := NULL;
    IF v_of_endpoint < p_per_endpoint AND v_of_tenant < p_per_tenant THEN
      UPDATE webhook_deliveries d
         SET claims = d.claims + 1, lease_until = clock_timestamp() + p_lease, next_attempt_at = clock_timestamp() + p_lease
       WHERE d.tenant_id = v_endpoint.tenant_id AND d.id = (
         SELECT x.id FROM webhook_deliveries x
          WHERE x.tenant_id = v_endpoint.tenant_id AND x.endpoint_id = v_endpoint.id AND x.state = 'pending'
            AND x.next_attempt_at <= clock_timestamp()
          ORDER BY x.next_attempt_at, x.id LIMIT 1)
      RETURNING * INTO v_delivery;
    END IF;
    -- An endpoint with all its places taken is looked at again when one of them ends, at the latest with its lease.
    UPDATE webhook_endpoints e SET due_at = CASE
        WHEN v_of_endpoint >= p_per_endpoint THEN v_free_at
        WHEN v_of_tenant >= p_per_tenant THEN clock_timestamp() + interval '1 second'
        WHEN v_delivery.id IS NULL THEN next_webhook_attempt(e.tenant_id, e.id)
        ELSE greatest(clock_timestamp(), next_webhook_attempt(e.tenant_id, e.id)) END
     WHERE e.tenant_id = v_endpoint.tenant_id AND e.id = v_endpoint.id;
    IF v_delivery.id IS NOT NULL THEN
      RETURN QUERY SELECT v_delivery.tenant_id, v_delivery.id, v_delivery.endpoint_id, v_delivery.claims, v_delivery.attempts,
        v_delivery.event, v_endpoint.url, v_endpoint.secret,
        CASE WHEN v_endpoint.previous_secret_until > clock_timestamp() THEN v_endpoint.previous_secret END;
      EXIT;
    END IF;
  END LOOP;
END $$;

-- Notes the end of an attempt. p_attempt: {status?, durationMs, error?}, no error: delivered. p_retry NULL: it was the last one.
-- p_policy: {failures, failingSec} after which an endpoint is disabled; p_gone: it asked for that itself.
-- 'lost': the claim had run out and is another's. Else 'delivered', 'pending' or 'failed', and what became of the endpoint.
CREATE FUNCTION end_webhook_attempt(p_context jsonb, p_id uuid, p_claim integer, p_attempt jsonb, p_retry interval, p_gone boolean, p_policy jsonb)
RETURNS TABLE (outcome text, disabled text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_endpoint webhook_endpoints;
  v_failed boolean := p_attempt ? 'error';
  v_state text := CASE WHEN NOT p_attempt ? 'error' THEN 'delivered' WHEN p_retry IS NULL THEN 'failed' ELSE 'pending' END;
  v_failures integer;
  v_since timestamptz;
  v_disabled text;
BEGIN
  PERFORM enter(p_context);
  SELECT e.* INTO v_endpoint FROM webhook_endpoints e
   WHERE e.tenant_id = current_tenant()
     AND e.id = (SELECT d.endpoint_id FROM webhook_deliveries d WHERE d.tenant_id = current_tenant() AND d.id = p_id) FOR NO KEY UPDATE;
  UPDATE webhook_deliveries d
     SET state = v_state, attempts = d.attempts + 1, lease_until = NULL,
         next_attempt_at = CASE WHEN v_state = 'pending' THEN clock_timestamp() + p_retry END,
         last_status = (p_attempt ->> 'status')::integer, last_error = p_attempt ->> 'error',
         attempt_log = (CASE WHEN jsonb_array_length(d.attempt_log) >= 20 THEN d.attempt_log - 0 ELSE d.attempt_log END)
           || jsonb_build_array(p_attempt || jsonb_build_object('at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))),
         ended_at = CASE WHEN v_state <> 'pending' THEN now() END
   WHERE d.tenant_id = current_tenant() AND d.id = p_id AND d.claims = p_claim AND d.state = 'pending' AND d.lease_until IS NOT NULL;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'lost', NULL::text;
    RETURN;
  END IF;
  v_failures := CASE WHEN v_failed THEN v_endpoint.failures + 1 ELSE 0 END;
  v_since := CASE WHEN v_failed THEN coalesce(v_endpoint.failing_since, now()) END;
  v_disabled := CASE
    WHEN NOT v_endpoint.enabled THEN NULL
    WHEN p_gone THEN 'gone'
    WHEN v_failures >= (p_policy ->> 'failures')::integer AND v_since <= now() - make_interval(secs => (p_policy ->> 'failingSec')::float8) THEN 'failing' END;
  UPDATE webhook_endpoints e
     SET failures = v_failures, failing_since = v_since, due_at = next_webhook_attempt(e.tenant_id, e.id),
         enabled = e.enabled AND v_disabled IS NULL, disabled_reason = coalesce(v_disabled, e.disabled_reason),
         disabled_at = CASE WHEN v_disabled IS NULL THEN e.disabled_at ELSE now() END
   WHERE e.tenant_id = current_tenant() AND e.id = v_endpoint.id;
  IF v_disabled IS NOT NULL THEN
    PERFORM write_down(p_context, 'webhook.disabled', NULL, jsonb_build_object(
      'webhookId', v_endpoint.id, 'host', host_of(v_endpoint.url), 'reason', v_disabled, 'failures', v_failures));
  END IF;
  RETURN QUERY SELECT v_state, v_disabled;
END $$;

-- Gives a claim back: it was no attempt of the receiver's that failed.
CREATE FUNCTION release_webhook_delivery(p_context jsonb, p_id uuid, p_claim integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_endpoint uuid;
BEGIN
  PERFORM enter(p_context);
  SELECT e.id INTO v_endpoint FROM webhook_endpoints e
   WHERE e.tenant_id = current_tenant()
     AND e.id = (SELECT d.endpoint_id FROM webhook_deliveries d WHERE d.tenant_id = current_tenant() AND d.id = p_id) FOR NO KEY UPDATE;
  UPDATE webhook_deliveries d SET lease_until = NULL, next_attempt_at = clock_timestamp()
   WHERE d.tenant_id = current_tenant() AND d.id = p_id AND d.claims = p_claim AND d.state = 'pending' AND d.lease_until IS NOT NULL;
  IF FOUND THEN
    UPDATE webhook_endpoints e SET due_at = least(e.due_at, clock_timestamp()) WHERE e.tenant_id = current_tenant() AND e.id = v_endpoint;
  END IF;
END $$;

-- Enabled endpoints with something to send, and how long the first of them has waited; for an alarm.
CREATE FUNCTION webhook_backlog() RETURNS TABLE (due bigint, oldest_sec float8) LANGUAGE sql STABLE AS $$
  SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(e.due_at)), 0)::float8
    FROM webhook_endpoints e WHERE e.enabled AND e.due_at <= clock_timestamp();
$$;

-- Forgets deliveries made p_keep ago, those that wait for an enabled endpoint excepted, and what hangs on deleted endpoints, then these.
CREATE FUNCTION trim_webhook_deliveries(p_keep interval, p_limit integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  v_trimmed bigint;
BEGIN
  WITH picked AS MATERIALIZED (
    (SELECT d.tenant_id, d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
      WHERE e.deleted_at IS NOT NULL LIMIT p_limit)
    UNION
    (SELECT d.tenant_id, d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
      WHERE d.created_at < clock_timestamp() - p_keep AND (d.state <> 'pending' OR NOT e.enabled) ORDER BY d.created_at LIMIT p_limit)
    LIMIT p_limit),
  gone AS (
    DELETE FROM webhook_deliveries d WHERE (d.tenant_id, d.id) IN (SELECT p.tenant_id, p.id FROM picked p) RETURNING 1)
  SELECT count(*) INTO v_trimmed FROM gone;
  DELETE FROM webhook_endpoints e WHERE e.deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.tenant_id = e.tenant_id AND d.endpoint_id = e.id);
  RETURN v_trimmed;
END $$;

REVOKE EXECUTE ON FUNCTION claim_webhook_delivery(interval, integer, integer), webhook_backlog(), trim_webhook_deliveries(interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_webhook_delivery(interval, integer, integer), webhook_backlog(), trim_webhook_deliveries(interval, integer) TO custody_system;
