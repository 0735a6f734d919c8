// Ed25519: by the browser where it can, else by the vendored verifier, loaded when first needed.

let own = null; // whether the browser can; null: not tried yet

export async function isSigned(message, signature, key) {
  if (own !== false) {
    try {
      const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      own = true;
      return await crypto.subtle.verify("Ed25519", imported, signature, message);
    } catch (error) {
      if (own) throw error;
      own = false;
    }
  }
  const { verifyAsync } = await import("../../vendor/noble-ed25519-3.2.0/index.js");
  return verifyAsync(signature, message, key, { zip215: false });
}
