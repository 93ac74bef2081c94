import { Module } from '@nestjs/common';
import { EventsController } from './events.controller.js';
import { FollowFile } from './follow-file.service.js';
import { FollowTenant } from './follow-tenant.service.js';
import { Followers } from './followers.js';
import { OpenStream } from './open-stream.service.js';
import { StreamPlaces } from './stream-places.js';
import { WatchFeeds } from './watch-feeds.service.js';

@Module({
  controllers: [EventsController],
  providers: [FollowFile, FollowTenant, Followers, OpenStream, StreamPlaces, WatchFeeds],
})
export class EventsModule {}
