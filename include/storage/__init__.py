"""
Storage: folders, object stores and servers, and the files that steps exchange.

`locations` parses paths and URLs and opens file systems (S3, GCS and Azure with Arrow); `sftp` with
`ssh`, and `web` with `web_listing`, are clients of servers; `atomic` replaces a file in one step;
`frames` writes and reads Arrow files; `disk_errors` turns a full disk or a missing permission into
our own errors.
"""
