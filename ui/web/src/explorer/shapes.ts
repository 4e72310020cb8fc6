import { NodeProgram, type ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import type { SliceNode } from "./slice";

/** Numbers of the shapes in the shader below. */
export const SHAPES: Readonly<Record<SliceNode["type"], number>> = {
  NOTE: 0,
  GUIDELINE: 1,
  DECISION: 2,
  JOURNAL: 3,
  PATTERN: 4,
  EXECUTION: 5,
};
/** A community. */
export const CIRCLE = 6;

/** What the shader needs beside sigma's own. */
export interface Shaped {
  readonly shape: number;
  /** Drawn as an outline: it is over. */
  readonly hollow: boolean;
}

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;

uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;

varying vec4 v_color;
varying float v_shape;
varying float v_pixels;

const float bias = 255.0 / 254.0;

void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  v_pixels = a_size / u_sizeRatio * u_pixelRatio * 2.4;
  gl_PointSize = v_pixels;
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_color.a *= bias;
}
`;

/** Distances from the edge of each shape, negative inside; a regular polygon by its number of sides. */
const FRAGMENT = /* glsl */ `
precision highp float;

varying vec4 v_color;
varying float v_shape;
varying float v_pixels;

const float tau = 6.28318530718;

float polygon(vec2 p, float sides, float inner) {
  float slice = tau / sides;
  float angle = atan(p.x, -p.y) + slice / 2.0;
  return cos(mod(angle, slice) - slice / 2.0) * length(p) - inner;
}

float distanceTo(float shape, vec2 p) {
  if (shape < 0.5) return length(p) - 0.83;
  if (shape < 1.5) return max(abs(p.x), abs(p.y)) - 0.72;
  if (shape < 2.5) return (abs(p.x) + abs(p.y) - 1.0) * 0.7071;
  if (shape < 3.5) return polygon(vec2(p.x, -p.y - 0.18), 3.0, 0.53);
  if (shape < 4.5) return polygon(p, 6.0, 0.8);
  if (shape > 5.5) return length(p) - 0.83;
  return polygon(vec2(p.x, -p.y), 5.0, 0.76);
}

void main(void) {
  vec2 p = gl_PointCoord * 2.0 - 1.0;
  bool hollow = v_shape > 9.5;
  float d = distanceTo(hollow ? v_shape - 10.0 : v_shape, p) * v_pixels / 2.0;
  #ifdef PICKING_MODE
  gl_FragColor = d < 1.0 ? v_color : vec4(0.0);
  #else
  float cover = clamp(0.5 - d, 0.0, 1.0);
  if (v_shape > 5.5 && !hollow) cover *= clamp((d + 2.5) / 1.5, 0.3, 1.0);
  if (hollow) cover *= clamp(d + 3.0, 0.12, 1.0);
  gl_FragColor = v_color * cover;
  #endif
}
`;

const UNIFORMS = ["u_sizeRatio", "u_pixelRatio", "u_matrix"] as const;
const { UNSIGNED_BYTE, FLOAT, POINTS } = { UNSIGNED_BYTE: 0x1401, FLOAT: 0x1406, POINTS: 0 };

/** Draws nodes as shapes, one point each; all shapes at once. */
export class ShapeProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
  getDefinition() {
    return {
      VERTICES: 1,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: POINTS,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_shape", size: 1, type: FLOAT },
      ],
    } as const as never;
  }

  processVisibleItem(index: number, start: number, data: NodeDisplayData & Partial<Shaped>): void {
    const { x, y, size, color, shape = 0, hollow = false } = data;
    this.array.set([x, y, size, floatColor(color), index, shape + (hollow ? 10 : 0)], start);
  }

  setUniforms({ sizeRatio, pixelRatio, matrix }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniform1f(uniformLocations["u_sizeRatio"] ?? null, sizeRatio);
    gl.uniform1f(uniformLocations["u_pixelRatio"] ?? null, pixelRatio);
    gl.uniformMatrix3fv(uniformLocations["u_matrix"] ?? null, false, matrix);
  }
}
