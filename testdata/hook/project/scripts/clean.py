#!/usr/bin/env python3
"""Takes the environment down."""
import subprocess

subprocess.run(["terraform", "destroy", "-auto-approve"], check=True)
