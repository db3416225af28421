#!/usr/bin/env python3
"""Prints what `terraform destroy` would say."""
import json, subprocess

print(json.loads(subprocess.run(["terraform", "show", "-json", "tfplan"], capture_output=True).stdout))
