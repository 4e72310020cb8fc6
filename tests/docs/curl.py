"""The little of curl that the README uses, for machines without it."""

import argparse
import sys

import httpx


def main(arguments: list[str]) -> int:
    """Send the request and print the body; the exit status is 22 for an HTTP error, as curl's with -f."""
    parser = argparse.ArgumentParser(prog="curl")
    parser.add_argument("url")
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-G", action="store_true")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-d")
    parser.add_argument("--data-urlencode")
    options = parser.parse_args(arguments)
    headers = dict(one.split(": ", 1) for one in options.H)
    if options.G:
        name, _, value = options.data_urlencode.partition("=")
        answer = httpx.get(options.url, params={name: value}, headers=headers)
    elif options.d is not None:
        answer = httpx.post(options.url, content=options.d, headers=headers)
    else:
        answer = httpx.get(options.url, headers=headers)
    sys.stdout.write(answer.text)
    return 22 if answer.is_error else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
