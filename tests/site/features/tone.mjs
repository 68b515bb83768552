/** A sound that every browser plays: PCM of 8 bits, 8000 a second (RIFF WAVE). */

const RATE = 8000;

/**
 * @param {number} seconds
 * @returns {Buffer}
 */
export function makeTone(seconds) {
  const samples = Buffer.from(
    Uint8Array.from({ length: RATE * seconds }, (_, i) => 128 + 60 * Math.sin(i / 3)),
  );
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
