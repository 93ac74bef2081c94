-- Registering a webhook under an Idempotency-Key (ADR 0019). The sealed secret is not kept twice: a replay takes it from the webhook.

CREATE FUNCTION create_webhook_once(p_context jsonb, p_id uuid, p_webhook jsonb, p_secret text, p_max integer)
RETURNS TABLE (made webhook_endpoints, replayed boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_done jsonb := begin_once(p_context);
  v_made webhook_endpoints;
BEGIN
  IF v_done IS NULL THEN
    SELECT * INTO v_made FROM create_webhook(p_context, p_id, p_webhook, p_secret, p_max);
    PERFORM end_once(p_context, to_jsonb(v_made) - ARRAY['secret', 'previous_secret']);
  ELSE
    v_made := jsonb_populate_record(NULL::webhook_endpoints, v_done);
    SELECT e.secret INTO v_made.secret FROM webhook_endpoints e WHERE e.tenant_id = current_tenant() AND e.id = v_made.id;
  END IF;
  RETURN QUERY SELECT v_made, v_done IS NOT NULL;
END $$;
