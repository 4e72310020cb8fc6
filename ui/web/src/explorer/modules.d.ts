declare module "graphology-layout-forceatlas2/iterate.js" {
  import type { ForceAtlas2Settings } from "graphology-layout-forceatlas2";

  /** One round over ten numbers a node and three a relation. */
  export default function iterate(settings: ForceAtlas2Settings, nodes: Float32Array, edges: Float32Array): void;
}

declare module "graphology-layout-forceatlas2/defaults.js" {
  import type { ForceAtlas2Settings } from "graphology-layout-forceatlas2";

  const defaults: ForceAtlas2Settings;
  export default defaults;
}

/** What the explorer uses of graphology, whose types are a package of their own that is not installed. */
declare module "graphology-types" {
  // biome-ignore lint/suspicious/noExplicitAny: as graphology has it
  export type Attributes = Record<string, any>;

  export class AbstractGraph<
    N extends Attributes = Attributes,
    E extends Attributes = Attributes,
    _G extends Attributes = Attributes,
  > {
    readonly order: number;
    readonly size: number;
    addNode(node: string, attributes?: N): string;
    addEdge(source: string, target: string, attributes?: E): string;
    source(edge: string): string;
    target(edge: string): string;
    getNodeAttributes(node: string): N;
    mergeNodeAttributes(node: string, attributes: Partial<N>): this;
  }
}
