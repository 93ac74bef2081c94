import { z } from 'zod';

export const eventsQuerySchema = z.object({
  lastEventId: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'As the header `Last-Event-ID`, for clients that cannot set it; the header counts' }),
});
export type EventsQuery = z.infer<typeof eventsQuerySchema>;
