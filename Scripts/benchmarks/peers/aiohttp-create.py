"""Creates groups with aiohttp, no two of the same name: aiohttp-create.py URL COUNT CONNECTIONS PREFIX; prints how many
have 200 for their status. Environment: GROUPLOAD_WRK_AUTHORIZATION (the header's value)."""

import asyncio
import json
import os
import sys

import aiohttp


async def work(session, url, numbers, prefix, totals):
    for number in numbers:
        async with session.post(url, json={"name": f"{prefix} {number:09d}", "rank": number % 1000}) as response:
            group = json.loads(await response.read())
            totals[response.status == 200 and "id" in group] += 1


async def main():
    base, count, connections, prefix = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    totals, numbers = {True: 0, False: 0}, iter(range(count))
    headers = {"Authorization": os.environ["GROUPLOAD_WRK_AUTHORIZATION"]}
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        url = base + "/api_gateway/core/v1/group/create"
        await asyncio.gather(*(work(session, url, numbers, prefix, totals) for _ in range(connections)))
    print(totals[True])


asyncio.run(main())
