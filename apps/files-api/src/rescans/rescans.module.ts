import { Module } from '@nestjs/common';
import { FileRescansController } from './file-rescans.controller.js';
import { ListRescans } from './list-rescans.service.js';
import { ReadRescan } from './read-rescan.service.js';
import { RequestRescan } from './request-rescan.service.js';
import { RescansController } from './rescans.controller.js';
import { RescansResolver } from './rescans.resolver.js';
import { StartRescan } from './start-rescan.service.js';
import { StopRescan } from './stop-rescan.service.js';

@Module({
  controllers: [FileRescansController, RescansController],
  providers: [ListRescans, ReadRescan, RequestRescan, RescansResolver, StartRescan, StopRescan],
})
export class RescansModule {}
