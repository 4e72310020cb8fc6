export type Webgl = "none" | "software" | "hardware";

let known: Webgl | undefined;

/** What this browser draws with. */
export function webgl(): Webgl {
  known ??= ask();
  return known;
}

function ask(): Webgl {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (!gl) return "none";
  const more = gl.getExtension("WEBGL_debug_renderer_info");
  const name = more ? String(gl.getParameter(more.UNMASKED_RENDERER_WEBGL)) : "";
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name) ? "software" : "hardware";
}
