import type { Answer, Question } from "./slices";

/** The last answer, so that what has not changed since it was taken over is not taken apart again. */
let last = { key: 0, text: "" };

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  const [answer, moved] = await ask(data);
  self.postMessage(answer, { transfer: moved });
};

async function ask({ key, url, headers, body, known }: Question): Promise<[Answer, Transferable[]]> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "application/graphql-response+json" },
      body,
    });
    const text = await response.text();
    if (known === last.key && last.text === text) return [{ key, same: true }, []];
    const { data, errors } = JSON.parse(text);
    if (!data?.graphSlice) return [{ key, errors: errors ?? [], problem: `HTTP ${response.status}` }, []];
    last = { key, text };
    const { edges, nodes, ...rest } = data.graphSlice;
    const [source, target] = [Uint32Array.from(edges.source), Uint32Array.from(edges.target)];
    const columns = { ...rest, nodes, edges: { source, target, type: Uint8Array.from(edges.type) } };
    return [{ key, columns }, [source.buffer, target.buffer]];
  } catch (error) {
    return [{ key, errors: [], problem: error instanceof Error ? error.message : String(error) }, []];
  }
}
