import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ExportAudit } from './export-audit.service.js';
import { ListAudit } from './list-audit.service.js';
import { AuditResolver } from './audit.resolver.js';

@Module({ controllers: [AuditController], providers: [AuditResolver, ExportAudit, ListAudit] })
export class AuditModule {}
