#!/usr/bin/env node
// Is there before the package is built, so that package managers can link the command.
import '../dist/cli.mjs';
