import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { ExportAudit } from './export-audit.service.js';
import { ListAudit } from './list-audit.service.js';

@Module({ controllers: [AuditController], providers: [ListAudit, ExportAudit] })
export class AuditModule {}
