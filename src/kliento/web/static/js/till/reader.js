// Who reads codes from a picture: the browser itself where it can, else the vendored reader, loaded when first needed.

const FORMATS = ["qr_code"];

export async function makeReader({ reader, wasm }) {
  if (await readsCodesItself()) return new BarcodeDetector({ formats: FORMATS });
  const vendored = await import(reader);
  // Without locateFile it would fetch its second half from a third party.
  await vendored.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return new vendored.BarcodeDetector({ formats: FORMATS });
}

async function readsCodesItself() {
  return "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
}
