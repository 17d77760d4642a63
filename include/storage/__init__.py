"""
Storage: where bytes lie, and what a disk or a store refuses.

`locations` parses paths and URLs and opens file systems (S3, GCS, Azure by Arrow); `sftp` with
`ssh` and `web` with `web_listing` are clients for servers; `frames` writes Arrow files aside and
renames them; `disk_errors` translates a full disk or a missing permission into errors of ours.
"""
