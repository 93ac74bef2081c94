import { answerOf, type Doors } from '../openapi/operation.js';
import { livenessSchema, readinessSchema } from './health.schema.js';

export const healthDoors: Doors = {
  'GET /health/live': {
    tag: 'health',
    summary: 'Whether the process runs',
    responses: { 200: answerOf(livenessSchema, 'It does') },
    refusals: [],
  },
  'GET /health/ready': {
    tag: 'health',
    summary: 'Whether the process should get requests',
    description: 'PostgreSQL and the store are needed; without Redis it is degraded and goes on.',
    responses: {
      200: answerOf(readinessSchema, 'It should'),
      503: answerOf(readinessSchema, 'It should not'),
    },
    refusals: [],
  },
  'GET /metrics': {
    tag: 'health',
    summary: 'Metrics in the Prometheus text format',
    responses: { 200: { description: 'The metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
    refusals: [],
  },
};
