import { Module } from '@nestjs/common';
import { ListShares } from './list-shares.service.js';
import { ShareFile } from './share-file.service.js';
import { SharesController } from './shares.controller.js';
import { UnshareFile } from './unshare-file.service.js';
import { SharesResolver } from './shares.resolver.js';

@Module({ controllers: [SharesController], providers: [ListShares, ShareFile, SharesResolver, UnshareFile] })
export class SharesModule {}
