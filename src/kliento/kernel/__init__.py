"""What every floor may use: ids, time, actors, errors, the keyring. No models, no rules, no HTTP."""
