// The land of East Asia for the map that the server draws: Natural Earth (public domain), 1:50m, cut to a box.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const ATLAS = "world-atlas/land-50m.json";
const [WEST, SOUTH, EAST, NORTH] = [95, 18, 150, 58];
const DECIMALS = 2;

// One side of the box: on which side of it a point lies, and where a line crosses it.
function side(axis, limit, sign) {
  const isInside = (point) => sign * (point[axis] - limit) >= 0;
  const crossing = (from, to) => {
    const share = (limit - from[axis]) / (to[axis] - from[axis]);
    return from.map((value, place) => (place === axis ? limit : value + share * (to[place] - value)));
  };
  return { isInside, crossing };
}

const SIDES = [side(0, WEST, 1), side(1, SOUTH, 1), side(0, EAST, -1), side(1, NORTH, -1)];

// Sutherland and Hodgman, "Reentrant Polygon Clipping" (1974), for one side.
function cut(ring, { isInside, crossing }) {
  return ring.flatMap((from, place) => {
    const to = ring[(place + 1) % ring.length];
    const kept = isInside(from) ? [from] : [];
    return isInside(from) === isInside(to) ? kept : [...kept, crossing(from, to)];
  });
}

export async function landRings() {
  const atlas = JSON.parse(await readFile(createRequire(import.meta.url).resolve(ATLAS), "utf8"));
  const shapes = feature(atlas, atlas.objects.land).features.map(({ geometry }) => geometry);
  const polygons = shapes.flatMap(({ type, coordinates }) => (type === "Polygon" ? [coordinates] : coordinates));
  const rings = polygons.flat().map((ring) => SIDES.reduce(cut, ring.slice(0, -1)));
  const rounded = rings.map((ring) => ring.map((point) => point.map((value) => Number(value.toFixed(DECIMALS)))));
  return rounded.filter((ring) => ring.length > 2);
}
