#!/bin/bash
terraform -chdir=infra "$@"
