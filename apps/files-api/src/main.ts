import 'reflect-metadata';
import { configurationOrExit, loadFilesApiConfig } from '@custody/config';
import { ObjectStore, probePinning } from '@custody/storage';
import { Logger } from '@nestjs/common';
import { createApp } from './create-app.js';
import { stopGracefully } from './stop-gracefully.js';

const log = new Logger('files-api');
const config = configurationOrExit(loadFilesApiConfig);

try {
  const { app } = await createApp(config);
  const { conditionalPut } = await probePinning(app.get(ObjectStore), 'read');
  if (!conditionalPut) log.warn('the store takes a second PUT on one upload URL; harmless, the pin decides');
  await app.startAllMicroservices();
  await app.listen(config.runtime.port, config.runtime.host);
  stopGracefully(app, config.runtime.shutdownGraceSec);
  log.log(`listening at ${await app.getUrl()}`);
} catch (error) {
  // Records are held back until the application has its logger; it may never get one.
  Logger.flush();
  log.fatal(`files-api cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
