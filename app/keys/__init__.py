"""Keys: who may read, write and administer over HTTP."""
