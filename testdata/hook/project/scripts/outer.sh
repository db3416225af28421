#!/bin/bash
exec bash scripts/deploy.sh "$@"
