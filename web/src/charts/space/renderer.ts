import { Program } from './program';
import type { Matrix } from './camera';
import { LINE_FRAGMENT, LINE_VERTEX, POINT_FRAGMENT, POINT_VERTEX } from './shaders';

export type Rgb = readonly [r: number, g: number, b: number];

export interface Cloud {
  /** x, y and z of each point, from -1 to 1. */
  positions: Float32Array;
  /** Red, green, blue and shape (0 disc, 255 diamond) of each point. */
  colors: Uint8Array;
}

export interface View {
  matrix: Matrix;
  surface: Rgb;
  rule: Rgb;
}

const POINT_SIZE = 40;
/** Pixels around the pointer in which a point is found. */
const REACH = 5;

// prettier-ignore
const EDGES = new Float32Array([-1, 1].flatMap((a) => [-1, 1].flatMap((b) => [
  -1, a, b, 1, a, b,
  a, -1, b, a, 1, b,
  a, b, -1, a, b, 1,
])));

/**
 * Draws a cloud of points in a cube with WebGL2, and finds the point at a pixel. The picture is made on a
 * canvas outside the page and copied to the one that is seen: browsers that compose pages without a
 * graphics card leave holes in a canvas of WebGL where a fixed bar covers it.
 */
export class SpaceRenderer {
  readonly #seen: CanvasRenderingContext2D;
  readonly #gl: WebGL2RenderingContext;
  readonly #onlost: () => void;
  readonly #points: Program;
  readonly #lines: Program;
  readonly #pointArray: WebGLVertexArrayObject;
  readonly #lineArray: WebGLVertexArrayObject;
  readonly #positions: WebGLBuffer;
  readonly #colors: WebGLBuffer;
  #count = 0;

  /** Throws if there is no WebGL2; `onlost` hears that it went away. */
  constructor(canvas: HTMLCanvasElement, onlost: () => void) {
    const seen = canvas.getContext('2d', { alpha: false });
    const gl = document.createElement('canvas').getContext('webgl2', { alpha: false });
    if (seen === null || gl === null) throw new Error('This browser has no WebGL2');
    this.#seen = seen;
    this.#gl = gl;
    this.#onlost = onlost;
    gl.canvas.addEventListener('webglcontextlost', onlost);
    this.#points = new Program(gl, POINT_VERTEX, POINT_FRAGMENT);
    this.#lines = new Program(gl, LINE_VERTEX, LINE_FRAGMENT);
    this.#positions = gl.createBuffer();
    this.#colors = gl.createBuffer();
    this.#pointArray = gl.createVertexArray();
    this.#lineArray = gl.createVertexArray();
    this.#layOut();
  }

  #layOut(): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#pointArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#positions);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#colors);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 4, gl.UNSIGNED_BYTE, true, 0, 0);
    gl.bindVertexArray(this.#lineArray);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, EDGES, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
    gl.bindVertexArray(null);
    gl.enable(gl.DEPTH_TEST);
  }

  setCloud({ positions, colors }: Cloud): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#positions);
    gl.bufferData(gl.ARRAY_BUFFER, positions, gl.STATIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#colors);
    gl.bufferData(gl.ARRAY_BUFFER, colors, gl.STATIC_DRAW);
    this.#count = positions.length / 3;
  }

  /** The size is that of the picture, in pixels. */
  resize(width: number, height: number): void {
    for (const canvas of [this.#seen.canvas, this.#gl.canvas]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
  }

  draw(view: View): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(...view.surface, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#lines.use();
    gl.uniformMatrix4fv(this.#lines.uniform('view_projection'), false, view.matrix);
    gl.uniform3f(this.#lines.uniform('color'), ...view.rule);
    gl.bindVertexArray(this.#lineArray);
    gl.drawArrays(gl.LINES, 0, EDGES.length / 3);
    this.#drawPoints(view, false);
    this.#seen.drawImage(gl.canvas, 0, 0);
  }

  #drawPoints({ matrix, surface }: View, picking: boolean): void {
    const gl = this.#gl;
    this.#points.use();
    gl.uniformMatrix4fv(this.#points.uniform('view_projection'), false, matrix);
    gl.uniform1f(this.#points.uniform('size'), POINT_SIZE * (gl.drawingBufferHeight / 480));
    gl.uniform1i(this.#points.uniform('picking'), picking ? 1 : 0);
    gl.uniform3f(this.#points.uniform('surface'), ...surface);
    gl.bindVertexArray(this.#pointArray);
    gl.drawArrays(gl.POINTS, 0, this.#count);
    gl.bindVertexArray(null);
  }

  /** The index of the point nearest to pixel (x, y) of the drawing buffer, from its lower left. */
  pick(view: View, x: number, y: number): number | null {
    const gl = this.#gl;
    const target = gl.createFramebuffer();
    const [ids, depth] = [gl.createRenderbuffer(), gl.createRenderbuffer()];
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    gl.bindRenderbuffer(gl.RENDERBUFFER, ids);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, ids);
    gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, depth);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(x - REACH, y - REACH, 2 * REACH + 1, 2 * REACH + 1);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#drawPoints(view, true);
    const found = this.#nearestId(x, y);
    gl.disable(gl.SCISSOR_TEST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.deleteFramebuffer(target);
    gl.deleteRenderbuffer(ids);
    gl.deleteRenderbuffer(depth);
    return found;
  }

  #nearestId(x: number, y: number): number | null {
    const side = 2 * REACH + 1;
    const pixels = new Uint8Array(side * side * 4);
    const gl = this.#gl;
    gl.readPixels(x - REACH, y - REACH, side, side, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    let [nearest, least]: [number | null, number] = [null, Infinity];
    for (let at = 0; at < side * side; at += 1) {
      const [r = 0, g = 0, b = 0] = pixels.subarray(4 * at, 4 * at + 3);
      const id = r + (g << 8) + (b << 16);
      const distance = Math.hypot((at % side) - REACH, Math.floor(at / side) - REACH);
      if (id > 0 && distance < least) [nearest, least] = [id - 1, distance];
    }
    return nearest;
  }

  /** Gives the graphics memory back at once, not when the garbage is collected. */
  dispose(): void {
    this.#gl.canvas.removeEventListener('webglcontextlost', this.#onlost);
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

export function hasWebGl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}
