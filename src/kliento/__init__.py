"""A customer register that belongs to its customers, and the one card that goes with it.

config      which parts run, and what the environment says
interfaces  one package for each audience: it asks
web         what the audiences' pages share
domain      a rule decides, one action writes, the gate releases
kernel      ids, time, actors, errors, keys

Imports go one way, down; `bin/check` sees to it.
"""
