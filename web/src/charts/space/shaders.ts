/** Points as discs, those of outlier groups as diamonds; their ids instead of colours for picking. */
export const POINT_VERTEX = `#version 300 es
layout(location = 0) in vec3 position;
layout(location = 1) in vec4 color;
uniform mat4 view_projection;
uniform float size;
uniform bool picking;
flat out vec3 point_color;
flat out float diamond;

void main() {
  gl_Position = view_projection * vec4(position, 1.0);
  gl_PointSize = max(2.0, size / gl_Position.w);
  int id = gl_VertexID + 1;
  vec3 id_color = vec3(id & 255, (id >> 8) & 255, (id >> 16) & 255) / 255.0;
  point_color = picking ? id_color : color.rgb;
  diamond = color.a;
}`;

export const POINT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 point_color;
flat in float diamond;
uniform vec3 surface;
uniform bool picking;
out vec4 fragment;

void main() {
  vec2 at = 2.0 * gl_PointCoord - 1.0;
  float radius = mix(length(at), abs(at.x) + abs(at.y), step(0.5, diamond));
  if (radius > 1.0) discard;
  float edge = picking ? 0.0 : smoothstep(0.72, 0.95, radius) * 0.75;
  fragment = vec4(mix(point_color, surface, edge), 1.0);
}`;

export const LINE_VERTEX = `#version 300 es
layout(location = 0) in vec3 position;
uniform mat4 view_projection;

void main() {
  gl_Position = view_projection * vec4(position, 1.0);
}`;

export const LINE_FRAGMENT = `#version 300 es
precision mediump float;
uniform vec3 color;
out vec4 fragment;

void main() {
  fragment = vec4(color, 1.0);
}`;
