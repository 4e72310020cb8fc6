import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of every document from the committed schema, and the manifest of trusted documents. */
const config: CodegenConfig = {
  schema: "../../schema/schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/api/gql/**", "!src/playground/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/api/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false, persistedDocuments: true },
      config: {
        documentMode: "documentNode",
        useTypeImports: true,
        enumsAsTypes: true,
        avoidOptionals: { field: true },
        scalars: { ID: "string", DateTime: "string", Date: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;
