/* Unpacks what ui/packing.py packs: gzip; inside a length (uint32, little endian), a header (JSON),
   then blocks of 32-bit numbers whose bytes lie in four planes. */

export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

export async function unpack(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  header.blocks = header.block_lengths.map((n) => {
    const planes = new Uint8Array(buffer, at, 4 * n);
    const bytes = new Uint8Array(4 * n);
    for (let i = 0; i < n; i++) for (let b = 0; b < 4; b++) bytes[4 * i + b] = planes[b * n + i];
    at += 4 * n;
    return new Int32Array(bytes.buffer);
  });
  return header;
}

const UNITS = 1e6;

/* Five rows of numbers (parts of a shape, rings of a part, vertices of a ring, steps in longitude
   and latitude) become shapes: lists of parts of rings of [latitude, longitude]. */
export function shapes([parts, rings, vertices, dx, dy]) {
  const result = [];
  let part = 0, ring = 0, vertex = 0, x = 0, y = 0;
  for (let g = 0; g < parts.length; g++) {
    const polygons = [];
    for (let p = 0; p < parts[g]; p++, part++) {
      const polygon = [];
      for (let r = 0; r < rings[part]; r++, ring++) {
        const line = new Array(vertices[ring]);
        for (let v = 0; v < vertices[ring]; v++, vertex++) {
          x += dx[vertex]; y += dy[vertex];
          line[v] = [y / UNITS, x / UNITS];
        }
        polygon.push(line);
      }
      polygons.push(polygon);
    }
    result.push(polygons);
  }
  return result;
}
