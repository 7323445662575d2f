/** A reader of Protocol Buffers' wire format, for tests: fields of a message as numbers or bytes. */

export interface Field {
  number: number;
  value: bigint | Uint8Array;
}

/** Throws RangeError when the bytes end in the middle of a field. */
export function fields(bytes: Uint8Array): Field[] {
  const out: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (at >= bytes.length) throw new RangeError('the message ends within a number');
      const byte = bytes[at++]!;
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return result;
    }
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new RangeError('the message ends within a field');
    return bytes.subarray(at, (at += length));
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === 0) out.push({ number: tag >> 3, value: varint() });
    else if (kind === 2) out.push({ number: tag >> 3, value: take(Number(varint())) });
    else if (kind === 5) out.push({ number: tag >> 3, value: take(4) });
    else throw new RangeError(`wire type ${kind} is not of ONNX`);
  }
  return out;
}

/** Messages or bytes under a field number. */
export function all(message: Uint8Array, number: number): Uint8Array[] {
  return fields(message).flatMap(field =>
    field.number === number && typeof field.value !== 'bigint' ? [field.value] : []
  );
}

export function texts(message: Uint8Array, number: number): string[] {
  return all(message, number).map(bytes => Buffer.from(bytes).toString('utf8'));
}

export function integers(message: Uint8Array, number: number): number[] {
  return fields(message).flatMap(field =>
    field.number === number && typeof field.value === 'bigint' ? [Number(field.value)] : []
  );
}
