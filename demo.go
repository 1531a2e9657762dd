package main

import (
	"context"
	"io"
)

func demoCommand(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int { return 1 }
