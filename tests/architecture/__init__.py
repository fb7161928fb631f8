"""How the code is built: who imports whom, what is banned where, and how large things may grow."""
