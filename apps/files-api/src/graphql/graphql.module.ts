import type { FilesApiConfig } from '@custody/config';
import { contextOfRequest } from '@custody/observability';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { MercuriusContext } from 'mercurius';
import { CONFIG } from '../configuration.module.js';
import { answerError } from './graphql-errors.js';
import { GraphqlController } from './graphql.controller.js';
import { enforceLimits } from './limits/enforce-limits.js';
import { refuseOversized } from './limits/refuse-oversized.js';
import { scalars } from './scalars.js';
import { typeDefinitions } from './type-definitions.js';

/** Texts of documents that are kept with their syntax trees. */
const DOCUMENTS_KEPT = 256;

/** `id` of what REST names by a word of its own. */
const identities = {
  File: { id: ({ fileId }: { fileId: string }) => fileId },
  Folder: { id: ({ folderId }: { folderId: string }) => folderId },
  Version: { id: ({ versionId }: { versionId: string }) => versionId },
};

type RequestContext = MercuriusContext & { readonly operationName?: string };

/** Executes what the door takes in. Resolvers live in the slices, beside their controllers. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      inject: [CONFIG],
      useFactory: ({ graphql: limits }: FilesApiConfig): MercuriusDriverConfig => ({
        typeDefs: typeDefinitions(),
        resolvers: { ...scalars, ...identities },
        // The door is a controller of ours.
        routes: false,
        // Nested fields declare their scopes like those at the root.
        fieldResolverEnhancers: ['guards'],
        cache: DOCUMENTS_KEPT,
        graphql: { parseOptions: { maxLexicalTokens: limits.maxTokens }, validateOptions: { maxErrors: 10 } },
        errorFormatter: ({ data, errors }, context) => {
          const { requestId } = contextOfRequest((context as RequestContext).reply.request.raw);
          return {
            statusCode: 200,
            response: { data: data ?? null, errors: errors.map((one) => answerError(one, requestId)) },
          };
        },
        hooks: {
          preValidation: (_schema: GraphQLSchema, document: DocumentNode) => refuseOversized(document),
          preExecution: (
            schema: GraphQLSchema,
            document: DocumentNode,
            { operationName }: RequestContext,
            variables: Record<string, unknown>,
          ) => enforceLimits(schema, document, operationName, variables, limits),
        },
      }),
    }),
  ],
  controllers: [GraphqlController],
})
export class GraphqlModule {}
